import type { Limits } from "@bullpen/domain/limits";
import { Problem } from "@bullpen/domain/problem";
import { Turnstile } from "../../reads.ts";
import type { FilePlace } from "./bare-sandbox.ts";
import { ConfinedFiles } from "./confined-files.ts";
import type { Db } from "./db.ts";
import type { WorkspaceFiles } from "./files.ts";
import { VirtualFiles } from "./virtual-files.ts";
import type { VirtualTreeStore } from "./virtual-tree-store.ts";

interface Options {
	readonly db: Db;
	readonly limits: Limits;
	readonly tree: VirtualTreeStore;
	/** What nobody expected. For a log. */
	onProblem?(error: unknown): void;
	/** Reaches the files wherever they are at the moment. */
	use<Result>(work: (place: FilePlace) => Promise<Result>): Promise<Result>;
}

const REASON_CHARS_MAX = 500;

/** The files of one workspace, whether its agent runs or not; a few calls at a time. */
export function hostFiles({ db, limits, tree, use, onProblem }: Options): WorkspaceFiles {
	const turnstile = new Turnstile({
		readsAtOnce: limits.fileCallsAtOnce,
		readsWaitingMax: limits.fileCallsWaitingMax,
	});
	const virtual = new VirtualFiles(tree, limits);

	async function call<Result>(work: (files: WorkspaceFiles) => Promise<Result>): Promise<Result> {
		const leave = await turnstile.enter();
		try {
			return await use((place) =>
				work(place.kind === "virtual" ? virtual : new ConfinedFiles({ fetch: place.fetch, db, limits })),
			);
		} catch (error) {
			if (error instanceof Problem) throw error;
			onProblem?.(error);
			// A plain error's words are meant for people (`choosePlace`, `confinedSandbox`); others are bugs.
			if (!(error instanceof Error) || error.name !== "Error") {
				throw new Problem("sandbox_unavailable", "The sandbox did not start.");
			}
			throw new Problem("sandbox_unavailable", error.message, { reason: error.message.slice(0, REASON_CHARS_MAX) });
		} finally {
			leave();
		}
	}

	return {
		list: (path) => call((files) => files.list(path)),
		read: (input) => call((files) => files.read(input)),
		write: (input) => call((files) => files.write(input)),
		createFolder: (path) => call((files) => files.createFolder(path)),
		rename: (path, to) => call((files) => files.rename(path, to)),
		remove: (path, version) => call((files) => files.remove(path, version)),
		changes: () => call((files) => files.changes()),
		diff: (path, from) => call((files) => files.diff(path, from)),
		patch: (patchId, offset) => call((files) => files.patch(patchId, offset)),
		commit: (message, author) => call((files) => files.commit(message, author)),
		paths: () => call((files) => files.paths()),
		recordStart: () => call((files) => files.recordStart()),
	};
}
