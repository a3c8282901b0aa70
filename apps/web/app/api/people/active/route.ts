import { route } from "../../../../lib/api.ts";
import { postActive } from "../../../../lib/people-endpoints.ts";

export const POST = route(postActive);
