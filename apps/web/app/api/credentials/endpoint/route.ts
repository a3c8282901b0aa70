import { route } from "../../../../lib/api.ts";
import { postEndpoint } from "../../../../lib/credential-endpoints.ts";

export const POST = route(postEndpoint);
