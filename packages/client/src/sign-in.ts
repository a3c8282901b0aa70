import { Problem } from "@bullpen/domain/problem";
import { problemOf } from "./tickets.ts";

type Fetch = typeof globalThis.fetch;

/** Outside a browser: a `fetch` that keeps cookies, for one server. */
export const withCookies = (fetch: Fetch = globalThis.fetch): Fetch => {
	const jar = new Map<string, string>();
	return async (input, init) => {
		const headers = new Headers(init?.headers);
		if (jar.size > 0) headers.set("cookie", [...jar].map(([name, value]) => `${name}=${value}`).join("; "));
		const response = await fetch(input, { ...init, headers });
		for (const cookie of response.headers.getSetCookie()) {
			const [pair = ""] = cookie.split(";");
			const at = pair.indexOf("=");
			if (at > 0) jar.set(pair.slice(0, at).trim(), pair.slice(at + 1).trim());
		}
		return response;
	};
};

/**
 * Signs in by name alone, which a development server on this machine allows. The answer carries the session.
 * @throws Problem
 */
export const signInWithName = (url: string, name: string): Promise<Fetch> => signIn(url, "/api/sign-in/name", { name });

/** @throws Problem `unauthenticated` */
export const signInWithPassword = (url: string, email: string, password: string): Promise<Fetch> =>
	signIn(url, "/api/auth/sign-in/email", { email, password });

/** A bot needs no sign-in: a `fetch` that shows its token. */
export const withBotToken =
	(token: string, fetch: Fetch = globalThis.fetch): Fetch =>
	(input, init) => {
		const headers = new Headers(init?.headers);
		headers.set("authorization", `Bearer ${token}`);
		return fetch(input, { ...init, headers });
	};

const signIn = async (url: string, path: string, body: Readonly<Record<string, string>>): Promise<Fetch> => {
	const fetch = withCookies();
	const response = await fetch(new URL(path, url), {
		method: "POST",
		headers: { "content-type": "application/json", origin: new URL(url).origin },
		body: JSON.stringify(body),
	});
	if (response.ok) return fetch;
	throw (await problemOf(response)) ?? new Problem("busy", `The server answered ${response.status}.`);
};
