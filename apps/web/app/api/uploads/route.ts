import { route } from "../../../lib/api.ts";
import { postUpload } from "../../../lib/uploads.ts";

export const POST = route(postUpload);
