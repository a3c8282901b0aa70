import { route } from "../../../../lib/api.ts";
import { getPicture } from "../../../../lib/people-endpoints.ts";

export const GET = route(getPicture);
