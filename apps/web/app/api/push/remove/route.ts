import { route } from "../../../../lib/api.ts";
import { postPushRemoval } from "../../../../lib/push-endpoints.ts";

export const POST = route(postPushRemoval);
