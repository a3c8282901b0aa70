import { rm } from "node:fs/promises";
import { join } from "node:path";
import { cleanFileName } from "@bullpen/domain/attachment";
import type { StartFromInput, WorkspaceOrigin } from "@bullpen/domain/origin";
import { gitAddress, gitBranch, gitToken, refuseUnlessFresh } from "@bullpen/domain/origin-rules";
import { Problem } from "@bullpen/domain/problem";
import type { Actor } from "@bullpen/domain/prompt-rules";
import { bringIn, NotBroughtIn, type Wanted } from "./agent/bring-in.ts";
import type { Agent } from "./agent.ts";
import { report, type Scope, type WorkspaceDraft } from "./scope.ts";
import type { Session } from "./session.ts";
import { lastTurnAt, runningTurn } from "./store/turns.ts";

type Acting = (draft: WorkspaceDraft) => Actor;

interface Parts {
	readonly session: Session;
	readonly agent: Agent;
	readonly workspaceId: string;
	/** `BULLPEN_DATA`. */
	readonly dataDir: string;
	/** Prompts that waited for the files may begin. */
	readonly work: () => void;
}

/** Brings in what a workspace starts from, before anything else happens in it. */
export class Origin {
	readonly #scope: Scope;
	readonly #parts: Parts;
	#running: { readonly giveUp: AbortController; readonly ended: Promise<void> } | undefined;
	#isClosing = false;

	constructor(scope: Scope, parts: Parts) {
		this.#scope = scope;
		this.#parts = parts;
	}

	/** A process that ended under it ended it: the token is gone with it, so whoever wants it says so again. */
	async wake(): Promise<void> {
		if (this.#parts.session.row?.origin?.state !== "running") return;
		await this.#scope.writer.write((draft) => this.#putEnd(draft, { state: "failed", problem: "interrupted" }));
	}

	/** Call from `onSleep`. */
	async close(): Promise<void> {
		this.#isClosing = true;
		await this.cancel();
	}

	/**
	 * Resolves when it has begun; how far it is and how it ends, the session's row tells.
	 * @throws Problem `bad_input` `busy`
	 */
	async start(userId: string, input: StartFromInput, acting: Acting): Promise<void> {
		const { wanted, shown } = this.#wish(userId, input);
		await this.#scope.writer.write(async (draft) => {
			const { userId: by } = acting(draft);
			const { db } = this.#scope.frame;
			const hasBegun = (await lastTurnAt(db)) > 0 || (await runningTurn(db)) !== undefined;
			refuseUnlessFresh(this.#parts.session.seen(draft)?.origin, hasBegun);
			this.#parts.session.put(draft, { origin: { ...shown, state: "running", by, at: this.#scope.now() } });
		});
		const giveUp = new AbortController();
		const ended = this.#scope.frame
			.keepAwake(this.#run(wanted, giveUp.signal))
			.catch(report(this.#scope, "it could not be told how bringing files in ended"))
			.finally(() => {
				this.#running = undefined;
			});
		this.#running = { giveUp, ended };
	}

	/** Resolves when nothing of it runs any more. Without anything under way it does nothing. */
	async cancel(): Promise<void> {
		const running = this.#running;
		running?.giveUp.abort();
		await running?.ended;
	}

	#wish(
		userId: string,
		input: StartFromInput,
	): { wanted: Wanted; shown: Pick<WorkspaceOrigin, "kind" | "name" | "branch"> } {
		if (input.kind === "archive") {
			const path = join(this.#parts.dataDir, "uploads", userId, input.uploadId);
			return { wanted: { kind: "archive", path }, shown: { kind: "archive", name: cleanFileName(input.name) } };
		}
		const address = gitAddress(input.url);
		const branch = input.branch === undefined || input.branch.trim() === "" ? undefined : gitBranch(input.branch);
		const token = input.token === undefined || input.token.trim() === "" ? undefined : gitToken(input.token);
		const shown = { kind: "git", name: address.url, ...(branch === undefined ? {} : { branch }) } as const;
		return { wanted: { kind: "git", address, branch, token }, shown };
	}

	async #run(wanted: Wanted, signal: AbortSignal): Promise<void> {
		const { agent, workspaceId, dataDir } = this.#parts;
		const { frame, limits, writer } = this.#scope;
		let toldAt = 0;
		const onDone = (done: number): void => {
			const now = this.#scope.now();
			if (now < toldAt + limits.originTellMs || signal.aborted) return;
			toldAt = now;
			const step = Math.round(done * 100) / 100;
			writer
				.write((draft) => this.#putDone(draft, step))
				.catch(report(this.#scope, "it was not told how far bringing files in is"));
		};
		const end = await (async (): Promise<Pick<WorkspaceOrigin, "state" | "problem" | "detail">> => {
			try {
				await agent.stop();
				await bringIn(wanted, { workspaceId, dataDir, db: frame.db, limits, signal, onDone });
				await this.#recordStart();
				return { state: "done" };
			} catch (error) {
				if (!(error instanceof NotBroughtIn)) {
					report(this.#scope, "files were not brought in")(error);
					return { state: "failed", problem: "failed" };
				}
				const problem = error.problem === "cancelled" && this.#isClosing ? "interrupted" : error.problem;
				return { state: "failed", problem, ...(error.detail === undefined ? {} : { detail: error.detail }) };
			}
		})();
		await writer.write((draft) => this.#putEnd(draft, end));
		// What failed may be tried again with the same upload; what nobody uses the web takes away.
		if (end.state === "done" && wanted.kind === "archive") await rm(wanted.path, { force: true });
		this.#parts.work();
	}

	/** What came in is no change. Where that cannot be kept, all of it is told as new. */
	async #recordStart(): Promise<void> {
		const { agent } = this.#parts;
		try {
			// Past the door of `ready`, which lets nobody in until this is over.
			await agent.host.files.recordStart();
		} catch (error) {
			report(this.#scope, "the files of the start were not recorded")(error);
		} finally {
			agent.release();
		}
	}

	#putDone(draft: WorkspaceDraft, done: number): void {
		const origin = this.#parts.session.seen(draft)?.origin;
		if (origin?.state === "running") this.#parts.session.put(draft, { origin: { ...origin, done } });
	}

	#putEnd(draft: WorkspaceDraft, end: Pick<WorkspaceOrigin, "state" | "problem" | "detail">): void {
		const before = this.#parts.session.seen(draft)?.origin;
		if (before === undefined) return;
		const { done: _, ...origin } = before;
		this.#parts.session.put(draft, { origin: { ...origin, ...end } });
	}
}

/** Nothing starts in a workspace whose files are coming in. @throws Problem `busy` */
export const refuseWhileComing = (origin: WorkspaceOrigin | undefined): void => {
	if (origin?.state !== "running") return;
	throw new Problem("busy", "The files of this workspace are still coming in.", { state: "coming" });
};
