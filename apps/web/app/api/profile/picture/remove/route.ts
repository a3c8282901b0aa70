import { route } from "../../../../../lib/api.ts";
import { postPictureRemoval } from "../../../../../lib/people-endpoints.ts";

export const POST = route(postPictureRemoval);
