import { type ModelSpending, NOTHING_SPENT, spentMore } from "@bullpen/domain/spending";
import type { TurnRow } from "@bullpen/domain/workspace";
import type { ModelUsage } from "./model-proxy/model-usage.ts";
import { report, type Scope, type WorkspaceDraft } from "./scope.ts";
import type { Session } from "./session.ts";
import { turnInDraft } from "./store/turns.ts";

/** What the workspace's requests to models have used: of each turn, and of all. */
export class Spending {
	readonly #scope: Scope;
	readonly #session: Session;
	/** What could not be stored, for the next try. */
	#left = NOTHING_SPENT;

	constructor(scope: Scope, session: Session) {
		this.#scope = scope;
		this.#session = session;
	}

	/** Counts one request, told to people with a commit that nobody waits for. */
	add(usage: ModelUsage, turnId: string | undefined): void {
		const more = spentMore(this.#left, spendingOf(usage));
		this.#left = NOTHING_SPENT;
		const { frame, writer } = this.#scope;
		frame.keepAwake(writer.write((draft) => this.#put(draft, more, turnId))).catch((error: unknown) => {
			this.#left = spentMore(this.#left, more);
			report(this.#scope, "what a request used was not stored")(error);
		});
	}

	async #put(draft: WorkspaceDraft, more: ModelSpending, turnId: string | undefined): Promise<void> {
		this.#session.put(draft, { spending: spentMore(this.#session.seen(draft)?.spending, more) });
		const turn = turnId === undefined ? undefined : await turnInDraft(this.#scope.frame.db, draft, turnId);
		if (turn !== undefined) draft.put<TurnRow>({ ...turn, spending: spentMore(turn.spending, more) });
	}
}

const spendingOf = ({ tokens, costMicros, isEstimated }: ModelUsage): ModelSpending => ({
	requests: 1,
	inputTokens: whole(tokens.input + tokens.cacheRead + tokens.cacheWrite + tokens.cacheWriteLong),
	cachedTokens: whole(tokens.cacheRead),
	outputTokens: whole(tokens.output),
	costMicros: whole(costMicros ?? 0),
	unpriced: costMicros === undefined ? 1 : 0,
	estimated: isEstimated ? 1 : 0,
});

const whole = (count: number): number => Math.max(0, Math.round(count));
