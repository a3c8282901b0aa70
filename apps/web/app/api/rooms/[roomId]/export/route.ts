import { route } from "../../../../../lib/api.ts";
import { postExport } from "../../../../../lib/archive/export-endpoints.ts";

export const POST = route(postExport);
