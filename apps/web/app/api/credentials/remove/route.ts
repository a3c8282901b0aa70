import { route } from "../../../../lib/api.ts";
import { postCredentialRemoval } from "../../../../lib/credential-endpoints.ts";

export const POST = route(postCredentialRemoval);
