import { route } from "../../../../../../lib/api.ts";
import { getExport } from "../../../../../../lib/archive/export-endpoints.ts";

export const GET = route(getExport);
