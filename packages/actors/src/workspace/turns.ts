import { type Actor, donePrompt, editorOf, startedPrompt } from "@bullpen/domain/prompt-rules";
import { shortText } from "@bullpen/domain/transcript/agent-text";
import type { PromptRow, TurnRow } from "@bullpen/domain/workspace";
import { endedTurn, type TurnEnd, turnNotice } from "@bullpen/domain/workspace-rules";
import { AgentBroken, TurnFailed } from "./agent/agent-host.ts";
import type { Agent } from "./agent.ts";
import type { Attachments } from "./attachments.ts";
import type { Permissions } from "./permissions.ts";
import type { Queue } from "./queue.ts";
import { report, type Scope, type WorkspaceDraft } from "./scope.ts";
import { runningTurn, turnInDraft } from "./store/turns.ts";
import type { Transcript } from "./transcript.ts";

interface Parts {
	readonly scope: Scope;
	readonly queue: Queue;
	readonly attachments: Attachments;
	readonly transcript: Transcript;
	readonly permissions: Permissions;
	readonly agent: Agent;
	/** A turn is about to begin; nothing is left to do. */
	readonly onBusy: () => Promise<void>;
	readonly onIdle: () => void;
}

const PROBLEM_BYTES_MAX = 2_048;
const INTERRUPTED = "The server stopped while the agent was working; its last words may be missing.";

interface Current {
	readonly turnId: string;
	readonly promptId: string;
	cancelledBy?: string;
}

/** Runs the queue: one turn at a time, each with exactly one end. */
export class Turns {
	readonly #parts: Parts;
	#loop: Promise<void> | undefined;
	#current: Current | undefined;
	#isKicked = false;
	#isClosing = false;
	#retry: NodeJS.Timeout | undefined;

	constructor(parts: Parts) {
		this.#parts = parts;
	}

	/** The turn that the agent works on in this process. */
	get turnId(): string | undefined {
		return this.#current?.turnId;
	}

	get isBusy(): boolean {
		return this.#loop !== undefined;
	}

	/** Makes sure that the queue is being worked on. */
	kick(): void {
		if (this.#isClosing) return;
		clearTimeout(this.#retry);
		this.#isKicked = true;
		this.#loop ??= this.#parts.scope.frame.keepAwake(this.#work()).then(
			() => this.#rest(),
			(error: unknown) => this.#tryLater(error),
		);
	}

	/** Stops the running turn in the name of `userId`. Its questions are closed before the agent hears of it. */
	async cancel(userId: string, also: (draft: WorkspaceDraft) => void): Promise<void> {
		const current = this.#current;
		if (current === undefined) return;
		await this.#parts.scope.writer.write(async (draft) => {
			also(draft);
			await this.#parts.permissions.putCancelled(draft, userId);
		});
		await this.#stop(current, userId);
	}

	/**
	 * Ends the running turn, and this prompt is next: both stand when this resolves, also if the process dies now.
	 * @throws Problem `not_found` `forbidden`
	 */
	async sendNow(promptId: string, acting: (draft: WorkspaceDraft) => Actor): Promise<void> {
		const { scope, queue, permissions } = this.#parts;
		const sentBy = await scope.writer.write(async (draft) => {
			const by = acting(draft);
			if (!(await queue.putSentNow(draft, promptId, by))) return undefined;
			await permissions.putCancelled(draft, by.userId);
			return by.userId;
		});
		// In the same moment as the commit: what runs now began before it, since nothing else can begin after it.
		const current = this.#current;
		if (sentBy === undefined || current === undefined) return;
		this.#stop(current, sentBy).catch(report(scope, "a turn was not stopped for the prompt sent now"));
	}

	/** A process died under a turn: that turn is interrupted, once, and the queue goes on. */
	async recover(): Promise<void> {
		const { scope, transcript } = this.#parts;
		const left = await runningTurn(scope.frame.db);
		if (left === undefined) return;
		await transcript.resume(left.id);
		await this.#end(left.id, { status: "interrupted", problem: INTERRUPTED });
	}

	/** Ends the running turn with the process. Its alarm stands, so the rest of the queue runs in the next one. */
	async close(): Promise<void> {
		this.#isClosing = true;
		clearTimeout(this.#retry);
		await this.#parts.agent.stop();
		await this.#loop;
	}

	/** The agent hears of it only while this very turn runs: the next one is not meant. */
	async #stop(turn: Current, by: string): Promise<void> {
		if (this.#current !== turn) return;
		turn.cancelledBy ??= by;
		await this.#parts.agent.host.cancel();
	}

	async #work(): Promise<void> {
		const { queue, onBusy } = this.#parts;
		await this.recover();
		while (!this.#isClosing) {
			this.#isKicked = false;
			const next = await queue.next();
			if (next === undefined && !this.#isKicked) return;
			if (next === undefined) continue;
			await onBusy();
			await this.#run(next);
		}
	}

	#rest(): void {
		this.#loop = undefined;
		if (this.#isClosing) return;
		if (this.#isKicked) this.kick();
		else this.#parts.onIdle();
	}

	/** The store failed: what is queued stays queued. */
	#tryLater(error: unknown): void {
		const { scope } = this.#parts;
		this.#loop = undefined;
		report(scope, "the queue stopped")(error);
		if (!this.#isClosing) this.#retry = setTimeout(() => this.kick(), scope.limits.workspaceAlarmMs);
	}

	async #run(prompt: PromptRow): Promise<void> {
		const turnId = this.#parts.scope.newId("t");
		this.#current = { turnId, promptId: prompt.id };
		try {
			if (!(await this.#begin(turnId, prompt))) return;
			const end = await this.#prompt(prompt);
			await this.#end(turnId, end);
		} finally {
			this.#current = undefined;
		}
	}

	/** False when somebody has just removed, edited or overtaken the prompt, or paused the queue. */
	async #begin(turnId: string, prompt: PromptRow): Promise<boolean> {
		const { scope, queue, transcript } = this.#parts;
		await transcript.begin(turnId);
		const { id: promptId, userId, text, attachments } = prompt;
		const editedBy = editorOf(prompt);
		const more = { ...(editedBy !== undefined && { editedBy }), ...(attachments && { attachments }) };
		transcript.add({ type: "user", promptId, userId, text, ...more });
		try {
			return await transcript.commit(async (draft) => {
				if (!(await queue.isNext(draft, prompt))) throw new PromptGone();
				await queue.putTaken(draft, prompt, startedPrompt(prompt));
				const startedAt = scope.now();
				draft.put<TurnRow>({ kind: "turn", id: turnId, promptId: prompt.id, status: "running", startedAt });
				return true;
			});
		} catch (error) {
			transcript.discard(turnId);
			if (error instanceof PromptGone) return false;
			throw error;
		}
	}

	async #prompt({ text, attachments }: PromptRow): Promise<TurnEnd> {
		const current = this.#current;
		if (current?.cancelledBy !== undefined) return { status: "cancelled", by: current.cancelledBy };
		const stopListening = this.#parts.agent.listen();
		try {
			const host = await this.#parts.agent.ready();
			if (current?.cancelledBy !== undefined) return { status: "cancelled", by: current.cancelledBy };
			const { stopReason } = await host.prompt(text, await this.#parts.attachments.filesOf(attachments));
			if (this.#isClosing) return { status: "interrupted", problem: INTERRUPTED };
			if (stopReason === "cancelled") return { status: "cancelled", by: current?.cancelledBy };
			return { status: "completed", stopReason };
		} catch (error) {
			if (this.#isClosing) return { status: "interrupted", problem: INTERRUPTED };
			if (current?.cancelledBy !== undefined) return { status: "cancelled", by: current.cancelledBy };
			return { status: "failed", problem: this.#sentence(error) };
		} finally {
			stopListening();
		}
	}

	/** What people may read: other errors can hold addresses and paths. */
	#sentence(error: unknown): string {
		if (error instanceof AgentBroken || error instanceof TurnFailed) return shortText(error.message, PROBLEM_BYTES_MAX);
		report(this.#parts.scope, "a turn failed")(error);
		return "The agent could not finish this turn.";
	}

	async #end(turnId: string, end: TurnEnd): Promise<void> {
		const { scope, queue, transcript, permissions } = this.#parts;
		transcript.finish(end.status === "completed");
		const notice = turnNotice(end);
		if (notice !== undefined) transcript.add({ type: "notice", ...notice });
		await transcript.commit(async (draft) => {
			const turn = await turnInDraft(scope.frame.db, draft, turnId);
			const ended = turn && endedTurn(turn, end, scope.now());
			if (ended === undefined) return;
			draft.put<TurnRow>(ended);
			const prompt = await queue.promptIn(draft, ended.promptId);
			if (prompt !== undefined) draft.put<PromptRow>(donePrompt(prompt));
			await permissions.putCancelled(draft, end.status === "cancelled" ? end.by : undefined);
		});
		permissions.forget();
	}
}

/** The prompt is not, as it was read, what runs next. */
class PromptGone extends Error {
	override readonly name = "PromptGone";
}
