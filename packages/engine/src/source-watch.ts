import { watch } from "node:fs";
import { resolve } from "node:path";
import type { PartName } from "./run-file.ts";

const ROOT = resolve(import.meta.dirname, "../../..");
const SETTLE_MS = 200;

/** Which parts are made of which sources. The web watches its own. */
const SOURCES: readonly { readonly folder: string; readonly parts: readonly PartName[] }[] = [
	{ folder: "packages/domain/src", parts: ["rooms", "workspaces", "edge"] },
	{ folder: "packages/actors/src", parts: ["rooms", "workspaces"] },
	{ folder: "packages/credentials/src", parts: ["workspaces"] },
	{ folder: "packages/demo-agent/src", parts: ["workspaces"] },
	{ folder: "apps/edge/src", parts: ["edge"] },
];

/**
 * Tells which parts' sources changed, once an editor has finished writing. Not `node --watch`: it would hide a part's
 * death from supervision and catch its signals.
 * @returns what stops the watching.
 */
export function watchSources(onChange: (parts: ReadonlySet<PartName>) => void): () => void {
	const changed = new Set<PartName>();
	const tell = () => {
		onChange(new Set(changed));
		changed.clear();
	};
	let timer: NodeJS.Timeout | undefined;
	const watchers = SOURCES.map(({ folder, parts }) =>
		watch(resolve(ROOT, folder), { recursive: true }, (_, file) => {
			if (!file?.endsWith(".ts") || file.endsWith(".test.ts")) return;
			for (const part of parts) changed.add(part);
			clearTimeout(timer);
			timer = setTimeout(tell, SETTLE_MS);
		}),
	);
	return () => {
		clearTimeout(timer);
		for (const watcher of watchers) watcher.close();
	};
}
