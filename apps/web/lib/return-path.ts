/** Where to go after signing in: a path on this site and nothing else (`/sign-in?to=…` can be written by anybody). */
export function returnPath(to: unknown): string {
	if (typeof to !== "string" || !to.startsWith("/")) return "/";
	const here = "http://here.invalid";
	const url = new URL(to, here); // `//host`, `/\host` and control characters all show in the origin it gets
	return url.origin === here && !url.pathname.startsWith("/api/") ? url.pathname + url.search + url.hash : "/";
}
