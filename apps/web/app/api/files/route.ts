import { route } from "../../../lib/api.ts";
import { postFile } from "../../../lib/files.ts";

export const POST = route(postFile);
