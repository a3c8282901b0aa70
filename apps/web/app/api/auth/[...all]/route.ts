import { route } from "../../../../lib/api.ts";
import { postAuth } from "../../../../lib/auth-endpoint.ts";

export const POST = route(postAuth);
