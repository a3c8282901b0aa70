import { route } from "../../../lib/api.ts";
import { getPushKey, postPushDevice } from "../../../lib/push-endpoints.ts";

export const GET = route(getPushKey);
export const POST = route(postPushDevice);
