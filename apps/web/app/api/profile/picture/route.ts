import { route } from "../../../../lib/api.ts";
import { postPicture } from "../../../../lib/people-endpoints.ts";

export const POST = route(postPicture);
