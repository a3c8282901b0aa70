import { route } from "../../../../lib/api.ts";
import { postName } from "../../../../lib/people-endpoints.ts";

export const POST = route(postName);
