import { route } from "../../../../lib/api.ts";
import { postImport } from "../../../../lib/archive/import-endpoint.ts";

export const POST = route(postImport);
