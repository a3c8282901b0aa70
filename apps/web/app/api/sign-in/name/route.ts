import { route } from "../../../../lib/api.ts";
import { postNameSignIn } from "../../../../lib/auth-endpoint.ts";

export const POST = route(postNameSignIn);
