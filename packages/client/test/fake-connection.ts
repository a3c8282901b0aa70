import type { ActorName } from "@bullpen/domain/identity";
import type { ActionInput, ActionName, ActionOutput, EventName, EventPayload } from "@bullpen/domain/wire";
import type { Connection } from "../src/connection.ts";
import { ConnectionLost } from "../src/refusal.ts";

/** What a server does with a call. A promise that never ends is a lost answer. */
export type Answers<A extends ActorName> = {
	[N in ActionName<A>]?: (input: ActionInput<A, N>) => ActionOutput<A, N> | Promise<ActionOutput<A, N>>;
};

/** The outermost edge, scripted: a connection that opens, closes, answers and tells when a test says so. */
export class FakeConnection<A extends ActorName> implements Connection<A> {
	readonly calls: { name: string; input: unknown }[] = [];
	readonly #answers: Answers<A>;
	readonly #openListeners = new Set<(isOpen: boolean) => void>();
	readonly #eventListeners = new Map<string, Set<(payload: never) => void>>();
	#isOpen = false;
	/** Ends every call that is under way. */
	#cut: ((error: Error) => void)[] = [];

	constructor(answers: Answers<A>) {
		this.#answers = answers;
	}

	get isOpen(): boolean {
		return this.#isOpen;
	}

	onOpenChange(listener: (isOpen: boolean) => void): () => void {
		this.#openListeners.add(listener);
		return () => void this.#openListeners.delete(listener);
	}

	on<N extends EventName<A>>(name: N, listener: (payload: EventPayload<A, N>) => void): () => void {
		const listeners = this.#eventListeners.get(name) ?? new Set();
		this.#eventListeners.set(name, listeners.add(listener));
		return () => void listeners.delete(listener);
	}

	async call<N extends ActionName<A>>(name: N, input?: ActionInput<A, N>): Promise<ActionOutput<A, N>> {
		if (!this.#isOpen) throw new ConnectionLost("closed");
		this.calls.push({ name, input });
		const answer = this.#answers[name];
		if (!answer) throw new ConnectionLost(`nobody answers ${name}`);
		const cut = new Promise<never>((_, reject) => this.#cut.push(reject));
		return await Promise.race([Promise.resolve().then(() => answer(input as ActionInput<A, N>)), cut]);
	}

	emit<N extends EventName<A>>(name: N, payload: EventPayload<A, N>): void {
		if (!this.#isOpen) return;
		for (const listener of [...(this.#eventListeners.get(name) ?? [])]) listener(payload as never);
	}

	open(): this {
		this.#setOpen(true);
		return this;
	}

	close(): void {
		this.#setOpen(false);
		const cut = this.#cut;
		this.#cut = [];
		for (const each of cut) each(new ConnectionLost("cut"));
	}

	callsOf(name: ActionName<A>): unknown[] {
		return this.calls.filter((call) => call.name === name).map(({ input }) => input);
	}

	#setOpen(isOpen: boolean): void {
		this.#isOpen = isOpen;
		for (const listener of [...this.#openListeners]) listener(isOpen);
	}
}

export const never = <T>(): Promise<T> => new Promise(() => {});
