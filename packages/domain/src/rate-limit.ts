/** A token bucket's rule: `burst` at once, then `perSecond`. */
export interface Rate {
	readonly burst: number;
	readonly perSecond: number;
}
/** A token bucket's state: what was left at `at` (unix ms). */
export interface Bucket {
	readonly tokens: number;
	readonly at: number;
}

export const fullBucket = (burst: number, now: number): Bucket => ({ tokens: burst, at: now });

/** What the bucket holds by `now`. A clock that went back refills nothing. */
export function refilled(bucket: Bucket, rate: Rate, now: number): Bucket {
	const elapsedMs = Math.max(0, now - bucket.at);
	return { tokens: Math.min(rate.burst, bucket.tokens + (elapsedMs * rate.perSecond) / 1000), at: now };
}

/** Takes one token; or nothing, and says in how many milliseconds one will be there (`waitMs` 0: taken). */
export function takeToken(bucket: Bucket, rate: Rate, now: number): { bucket: Bucket; waitMs: number } {
	const current = refilled(bucket, rate, now);
	if (current.tokens >= 1) return { bucket: { ...current, tokens: current.tokens - 1 }, waitMs: 0 };
	return { bucket: current, waitMs: Math.ceil(((1 - current.tokens) * 1000) / rate.perSecond) };
}
