import { Problem } from "@bullpen/domain/problem";
import type { Settings } from "./settings.ts";

/**
 * Changes are made by our own pages, or by programs (which send no Origin). Browsers always name the Origin of a POST.
 * @throws Problem `forbidden`
 */
export function requireOwnOrigin(settings: Settings, request: Request): void {
	const origin = request.headers.get("origin");
	const site = request.headers.get("sec-fetch-site");
	// Typed into the address bar, or opened from a bookmark.
	const isOwnLook = request.method === "GET" && site === "none";
	const isOwn =
		origin === null ? site === null || site === "same-origin" || isOwnLook : origin === settings.publicUrl.origin;
	if (!isOwn) throw new Problem("forbidden", "This request came from another site.");
}
