import { Problem } from "@bullpen/domain/problem";
import type { Settings } from "./settings.ts";

/**
 * Changes are made by our own pages, or by programs (which send no Origin). Browsers always name the Origin of a POST.
 * @throws Problem `forbidden`
 */
export function requireOwnOrigin(settings: Settings, request: Request): void {
	const origin = request.headers.get("origin");
	const site = request.headers.get("sec-fetch-site");
	const isOwn = origin === null ? site === null || site === "same-origin" : origin === settings.publicUrl.origin;
	if (!isOwn) throw new Problem("forbidden", "This request came from another site.");
}
