import { route } from "../../../../lib/api.ts";
import { getFile } from "../../../../lib/files.ts";

export const GET = route(getFile);
