import type { Duplex } from "node:stream";

/** Carries bytes both ways. Each side's end is told to the other, after all that it said; when one is lost, so is the other. */
export function carry(from: Duplex, to: Duplex): void {
	from.pipe(to).pipe(from);
	for (const [side, other] of [
		[from, to],
		[to, from],
	] as const) {
		side.on("error", () => other.destroy());
		side.on("close", () => {
			// Both have said all: what is still to be written to the other ends it.
			if (!side.readableEnded || !other.readableEnded) other.destroy();
		});
	}
}
