import { setTimeout as wait } from "node:timers/promises";
import { Problem } from "@bullpen/domain/problem";
import {
	openTerminal,
	outputCut,
	type TerminalSize,
	type TerminalState,
	type TerminalView,
} from "@bullpen/domain/terminal";
import { AgentBroken, type OpenedTerminal, type TerminalWish, TurnFailed } from "./agent/agent-host.ts";
import { report, type Scope } from "./scope.ts";
import { TerminalScreen } from "./terminal-screen.ts";

interface Options {
	/** A shell in the sandbox, which is started unless it runs. */
	readonly start: (wish: TerminalWish) => Promise<OpenedTerminal>;
	/** It is used, or not any more: the sandbox stays as long. */
	readonly onUse: (isUsed: boolean) => void;
}

/** One shell, from its start to its end. */
interface Live {
	state: Extract<TerminalState, { type: "open" }>;
	readonly screen: TerminalScreen;
	readonly shell: OpenedTerminal;
	readonly decoder: TextDecoder;
	/** Resolves with its end: until then the workspace stays awake. */
	readonly ended: PromiseWithResolvers<void>;
	idle: NodeJS.Timeout | undefined;
	/** Printed and not told yet. */
	waiting: string;
	/** How much was told. */
	at: number;
	isFlowing: boolean;
	closedBy?: string;
	reason?: string;
}

/** The terminal that everybody in the workspace shares. Nothing of it is kept: it ends with its sandbox. */
export class Terminal {
	readonly #scope: Scope;
	readonly #options: Options;
	readonly #typedAt = new Map<string, number>();
	#state: TerminalState = { type: "none" };
	#live: Live | undefined;
	#opening: Promise<void> | undefined;

	constructor(scope: Scope, options: Options) {
		this.#scope = scope;
		this.#options = options;
	}

	get isOpen(): boolean {
		return this.#live !== undefined || this.#opening !== undefined;
	}

	async view(): Promise<TerminalView> {
		const live = this.#live;
		if (live === undefined) return { terminal: this.#state, at: 0, screen: "" };
		const { at, screen } = await live.screen.view();
		return live === this.#live ? { terminal: live.state, at, screen } : this.view();
	}

	/** The one there is, or else a new one. @throws Problem `sandbox_unavailable` */
	async open(size: TerminalSize, userId: string): Promise<TerminalView> {
		if (this.#live === undefined) {
			this.#opening ??= this.#scope.frame.keepAwake(this.#start(size, userId)).finally(() => {
				this.#opening = undefined;
			});
			await this.#opening;
		}
		return this.view();
	}

	/** @throws Problem `not_found` */
	type(terminalId: string, text: string, userId: string): void {
		const live = this.#named(terminalId);
		live.shell.write(text);
		this.#used(live);
		const { audience, limits, now } = this.#scope;
		if (now() - (this.#typedAt.get(userId) ?? Number.NEGATIVE_INFINITY) < limits.typingEveryMs) return;
		this.#typedAt.set(userId, now());
		audience.sendToOthers(userId, "terminalTyped", { userId });
	}

	/** @throws Problem `not_found` */
	resize(terminalId: string, size: TerminalSize): void {
		const live = this.#named(terminalId);
		if (live.state.size.cols === size.cols && live.state.size.rows === size.rows) return;
		live.screen.resize(size);
		live.shell.resize(size);
		live.state = { ...live.state, size };
		this.#become(live.state);
	}

	/** @throws Problem `not_found` */
	async close(terminalId: string, userId: string): Promise<void> {
		const live = this.#named(terminalId);
		live.closedBy ??= userId;
		await live.shell.close();
	}

	/** Ends it for a reason that people are told. */
	async end(reason: string): Promise<void> {
		await this.#opening?.catch(() => undefined); // whoever opens it hears
		const live = this.#live;
		if (live === undefined) return;
		live.reason ??= reason;
		await live.shell.close();
	}

	async #start(size: TerminalSize, userId: string): Promise<void> {
		const { frame, limits, now } = this.#scope;
		const early: Buffer[] = [];
		let live: Live | undefined;
		let isOver = false;
		this.#options.onUse(true);
		try {
			const shell = await this.#options.start({
				size,
				onOutput: (bytes) => (live ? this.#heard(live, bytes) : early.push(bytes)),
				onEnd: ({ exitCode }) => {
					isOver = true;
					if (live) this.#ended(live, exitCode);
				},
			});
			if (isOver) throw new AgentBroken("The terminal ended as soon as it began.");
			const screen = new TerminalScreen(size, limits, (reply) => shell.write(reply));
			live = {
				state: { type: "open", id: crypto.randomUUID(), size, openedBy: userId, openedAt: now() },
				screen,
				shell,
				decoder: new TextDecoder(),
				ended: Promise.withResolvers(),
				idle: undefined,
				waiting: "",
				at: 0,
				isFlowing: false,
			};
		} catch (error) {
			this.#options.onUse(false);
			if (error instanceof AgentBroken || error instanceof TurnFailed) {
				throw new Problem("sandbox_unavailable", error.message);
			}
			throw error;
		}
		this.#live = live;
		frame.keepAwake(live.ended.promise).catch(report(this.#scope, "a terminal was not waited for"));
		this.#used(live);
		this.#become(live.state);
		for (const bytes of early) this.#heard(live, bytes);
	}

	#heard(live: Live, bytes: Buffer): void {
		live.waiting += live.decoder.decode(bytes, { stream: true });
		if (live.waiting.length > this.#scope.limits.terminalBatchCharsMax) live.shell.pause();
		if (live.isFlowing) return;
		live.isFlowing = true;
		this.#flow(live)
			.catch(report(this.#scope, "a terminal's output was not told"))
			.finally(() => {
				live.isFlowing = false;
			});
	}

	/** Tells what waits, in pieces; while people cannot follow, the shell waits too. */
	async #flow(live: Live): Promise<void> {
		const { audience, limits } = this.#scope;
		while (live.waiting !== "" && this.#live === live) {
			const pause = wait(limits.terminalFlushMs, undefined, { ref: false });
			const text = live.waiting.slice(0, outputCut(live.waiting, limits.terminalBatchCharsMax));
			live.waiting = live.waiting.slice(text.length);
			const from = live.at;
			live.at += text.length;
			const drawn = live.screen.draw(text);
			audience.broadcast("terminalOutput", { terminalId: live.state.id, from, text });
			this.#used(live);
			await Promise.all([pause, drawn, audience.pace()]);
			if (live.waiting.length <= limits.terminalBatchCharsMax) live.shell.resume();
		}
	}

	#used(live: Live): void {
		if (live.idle !== undefined) {
			live.idle.refresh();
			return;
		}
		const { terminalIdleMs } = this.#scope.limits;
		live.idle = setTimeout(() => {
			this.end("Nobody used it for a while.").catch(report(this.#scope, "an unused terminal was not closed"));
		}, terminalIdleMs);
	}

	#ended(live: Live, exitCode: number | undefined): void {
		if (this.#live !== live) return;
		this.#live = undefined;
		clearTimeout(live.idle);
		const { closedBy } = live;
		const reason = live.reason ?? (exitCode === undefined ? "Its sandbox ended." : "The shell ended.");
		this.#become({
			type: "ended",
			id: live.state.id,
			reason: closedBy === undefined ? reason : "It was closed.",
			...(closedBy === undefined ? {} : { closedBy }),
			...(exitCode === undefined || closedBy !== undefined ? {} : { exitCode }),
		});
		this.#typedAt.clear();
		live.screen.dispose();
		live.ended.resolve();
		this.#options.onUse(false);
	}

	#become(state: TerminalState): void {
		this.#state = state;
		this.#scope.audience.broadcast("terminalChanged", state);
	}

	#named(terminalId: string): Live {
		openTerminal(this.#live?.state ?? this.#state, terminalId);
		if (this.#live === undefined) throw new Problem("not_found", "This terminal has ended.");
		return this.#live;
	}
}
