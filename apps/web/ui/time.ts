const clockFormat = new Intl.DateTimeFormat(undefined, { hour: "numeric", minute: "2-digit" });
const fullFormat = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "short" });
const dayFormat = new Intl.DateTimeFormat(undefined, { weekday: "long", month: "long", day: "numeric" });
const yearFormat = new Intl.DateTimeFormat(undefined, { month: "long", day: "numeric", year: "numeric" });

const DAY_MS = 86_400_000;

/** Times of day and dates in the reader's own language and zone. All arguments are unix ms. */
export const clockOf = (at: number): string => clockFormat.format(at);
export const fullTimeOf = (at: number): string => fullFormat.format(at);

/** A key that is equal for two times on the same local day. */
export const dayOf = (at: number): number => new Date(at).setHours(0, 0, 0, 0);

export function dayLabelOf(at: number, now: number): string {
	const days = Math.round((dayOf(now) - dayOf(at)) / DAY_MS);
	if (days === 0) return "Today";
	if (days === 1) return "Yesterday";
	return new Date(at).getFullYear() === new Date(now).getFullYear() ? dayFormat.format(at) : yearFormat.format(at);
}

/** How long something took: `0.4s`, `12s`, `2m 10s`, `1h 4m`. */
export function durationOf(ms: number): string {
	const seconds = Math.max(0, ms) / 1000;
	if (seconds < 10) return `${(Math.floor(seconds * 10) / 10).toFixed(1)}s`;
	if (seconds < 60) return `${Math.floor(seconds)}s`;
	if (seconds < 3600) return `${Math.floor(seconds / 60)}m ${Math.floor(seconds % 60)}s`;
	return `${Math.floor(seconds / 3600)}h ${Math.floor((seconds % 3600) / 60)}m`;
}

/** What is left of a wait: `0:42`, `9:05`. */
export function countdownOf(ms: number): string {
	const seconds = Math.max(0, Math.ceil(ms / 1000));
	return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
