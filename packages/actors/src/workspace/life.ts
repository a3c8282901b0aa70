import type { Actor } from "@bullpen/domain/prompt-rules";
import { cleanName } from "@bullpen/domain/text";
import { refuseUnlessNamed } from "@bullpen/domain/workspace-life-rules";
import type { Agent } from "./agent.ts";
import type { Origin } from "./origin.ts";
import { putAct, report, type Scope, type WorkspaceDraft } from "./scope.ts";
import type { Session } from "./session.ts";
import { queueSize } from "./store/prompts.ts";
import type { Turns } from "./turns.ts";

type Acting = (draft: WorkspaceDraft) => Actor;

interface Parts {
	readonly session: Session;
	readonly turns: Turns;
	readonly agent: Agent;
	readonly origin: Origin;
	/** There may be work again. */
	readonly work: () => void;
}

/** What becomes of the workspace as a whole: its name, its rest, its end. */
export class Life {
	readonly #scope: Scope;
	readonly #parts: Parts;

	constructor(scope: Scope, parts: Parts) {
		this.#scope = scope;
		this.#parts = parts;
	}

	/** @throws Problem `text_*` */
	async rename(raw: string, acting: Acting): Promise<void> {
		const to = cleanName(raw, this.#scope.limits.roomNameCharsMax);
		await this.#scope.writer.write((draft) => {
			const { userId: by } = acting(draft);
			const from = this.#parts.session.seen(draft)?.name;
			if (from === undefined || from === to) return;
			this.#parts.session.put(draft, { name: to });
			putAct(this.#scope, draft, { type: "workspace-renamed", by, from, to });
		});
	}

	/** What runs is stopped; what waits does not run by itself after a restore, which may be a year from now. */
	async archive(acting: Acting): Promise<void> {
		const by = await this.#scope.writer.write(async (draft) => {
			const { userId } = acting(draft);
			const session = this.#parts.session.seen(draft);
			if (session === undefined || session.archived !== undefined) return undefined;
			const mark = { by: userId, at: this.#scope.now() };
			const { count } = await queueSize(this.#scope.frame.db);
			const isToWait = count > 0 && session.paused === undefined;
			this.#parts.session.put(draft, { archived: mark, ...(isToWait && { paused: mark }) });
			putAct(this.#scope, draft, { type: "workspace-archived", by: userId });
			return userId;
		});
		if (by !== undefined) await this.#stop(by);
	}

	async restore(acting: Acting): Promise<void> {
		await this.#scope.writer.write((draft) => {
			const { userId: by } = acting(draft);
			if (this.#parts.session.seen(draft)?.archived === undefined) return;
			this.#parts.session.put(draft, { archived: undefined });
			putAct(this.#scope, draft, { type: "workspace-restored", by });
		});
		this.#parts.work();
	}

	/**
	 * The workspace's last commit. What is left of it goes afterwards, whatever dies meanwhile (`erasure.ts`).
	 * @throws Problem `bad_input` unless its name was typed
	 */
	async end(typed: string, acting: Acting): Promise<void> {
		const by = await this.#scope.writer.write((draft) => {
			const { userId } = acting(draft);
			const session = this.#parts.session.seen(draft);
			if (session === undefined) return undefined;
			refuseUnlessNamed(session, typed);
			this.#parts.session.put(draft, { deleted: { by: userId, at: this.#scope.now() } });
			return userId;
		});
		if (by !== undefined) this.#stop(by).catch(report(this.#scope, "a deleted workspace's agent did not stop"));
	}

	async #stop(by: string): Promise<void> {
		await this.#parts.origin.cancel();
		await this.#parts.turns.cancel(by, () => undefined);
		await this.#parts.agent.stop();
	}
}
