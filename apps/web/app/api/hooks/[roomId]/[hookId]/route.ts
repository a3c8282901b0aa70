import { route } from "../../../../../lib/api.ts";
import { postHook } from "../../../../../lib/hook-endpoint.ts";

export const POST = route(postHook);
