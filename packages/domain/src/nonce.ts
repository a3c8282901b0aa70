const TIME_CHARS = 9;

/**
 * A nonce for one act: 9 characters of time, so that nonces made about the same time are neighbours in whatever index keeps
 * them (random ones cost a page of the index each), and the random bytes that make it unique. `now` in unix ms; 16 bytes
 * of chance are as many as a UUID has.
 */
export function nonceAt(now: number, chance: Uint8Array): string {
	const time = Math.max(0, now).toString(36).padStart(TIME_CHARS, "0");
	return `${time}${Array.from(chance, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}
