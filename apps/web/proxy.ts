import { type NextRequest, NextResponse } from "next/server";
import { pagePolicy } from "./lib/page-policy.ts";

/** Pages for those who are not signed in yet. */
const OPEN_PAGES: ReadonlySet<string> = new Set(["/sign-in", "/join", "/reset"]);
const SESSION_COOKIES = ["bullpen.session_token", "__Secure-bullpen.session_token"];

/** The policy carries a nonce and the public URL: `headers()` in next.config.ts would fix both when it is built. */
export function proxy(request: NextRequest): NextResponse {
	const { nextUrl, cookies } = request;
	const publicUrl = new URL(process.env.BULLPEN_PUBLIC_URL ?? nextUrl.origin);
	const isApi = nextUrl.pathname.startsWith("/api/");
	// No cookie, nothing to ask the accounts for. Whether a cookie is good is `currentUser`'s to say.
	if (!isApi && !OPEN_PAGES.has(nextUrl.pathname) && !SESSION_COOKIES.some((name) => cookies.has(name)))
		return NextResponse.redirect(signInUrl(publicUrl, nextUrl));

	const nonce = Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString("base64");
	const policy = pagePolicy({ nonce, publicUrl, isDevelopment: process.env.NODE_ENV === "development" });
	const headers = new Headers(request.headers);
	headers.set("content-security-policy", policy); // Next gives its own scripts the nonce it finds here
	headers.set("x-nonce", nonce);
	const response = NextResponse.next({ request: { headers } });
	response.headers.set("content-security-policy", policy);
	if (publicUrl.protocol === "https:") response.headers.set("strict-transport-security", "max-age=31536000");
	return response;
}

function signInUrl(publicUrl: URL, { pathname, search }: URL): URL {
	const url = new URL("/sign-in", publicUrl);
	if (pathname !== "/") url.searchParams.set("to", pathname + search);
	return url;
}

export const config = {
	// Next keeps what comes through here in memory, up to 10 MB: what is uploaded goes past it. Files have their own policy.
	matcher:
		"/((?!_next/|api/uploads$|api/files(?:$|/)|sw\\.js$|icon|apple-icon|favicon\\.ico|manifest|.*\\.(?:png|svg|webp|woff2)$).*)",
};
