import { postInvitation } from "../../../lib/account-endpoints.ts";
import { route } from "../../../lib/api.ts";

export const POST = route(postInvitation);
