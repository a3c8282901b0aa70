import type { Live } from "./live.tsx";

/** One of something for each page's `Live`, made when it is first asked for. */
export function perLive<T>(make: (live: Live) => T): (live: Live) => T {
	const made = new WeakMap<Live, T>();
	return (live) => {
		const known = made.get(live);
		if (known !== undefined) return known;
		const fresh = make(live);
		made.set(live, fresh);
		return fresh;
	};
}
