import { Problem } from "@bullpen/domain/problem";

declare global {
	/** Here, because Next bundles routes apart. */
	var bullpenArchives: { inside: number } | undefined;
}

/** Few exports and imports run at once: they read and write as fast as they can. */
export const archivePlaces = {
	/** The answer gives the place back; twice is once. @throws Problem `busy` */
	enter(max: number): () => void {
		globalThis.bullpenArchives ??= { inside: 0 };
		const places = globalThis.bullpenArchives;
		if (places.inside >= max) {
			throw new Problem("busy", "Other rooms are exported or imported right now. Try again in a minute.", {
				waitMs: 60_000,
			});
		}
		places.inside += 1;
		let isOut = false;
		return () => {
			if (!isOut) places.inside -= 1;
			isOut = true;
		};
	},
};
