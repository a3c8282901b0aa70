import type { Duplex } from "node:stream";

/** Carries bytes both ways. Each side's end is told to the other; when one is gone, so is the other. */
export function carry(from: Duplex, to: Duplex): void {
	from.pipe(to).pipe(from);
	for (const [side, other] of [
		[from, to],
		[to, from],
	] as const) {
		side.on("error", () => other.destroy());
		side.on("close", () => other.destroy());
	}
}
