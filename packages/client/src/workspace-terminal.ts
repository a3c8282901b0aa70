import type { Problem } from "@bullpen/domain/problem";
import { outputCut, type TerminalOutput, type TerminalSize, type TerminalState } from "@bullpen/domain/terminal";
import type { Connection } from "./connection.ts";
import type { ClientLimits, Clock } from "./limits.ts";
import type { Line } from "./line.ts";
import { Notifier } from "./notifier.ts";
import { problemIn } from "./refusal.ts";
import { OthersTyping } from "./typing.ts";

/** Where the terminal is drawn. */
export interface TerminalSink {
	/** What was drawn before is void. */
	reset(screen: string, size: TerminalSize): void;
	resize(size: TerminalSize): void;
	write(text: string): void;
}

export interface TerminalShown {
	/** Null until it is known. */
	readonly terminal: TerminalState | null;
	readonly isConnected: boolean;
	readonly isOpening: boolean;
	/** Why it was not opened, or why it cannot be seen. */
	readonly problem: Problem | null;
	/** Others, in the order in which they began. */
	readonly typingUserIds: readonly string[];
}

/** Characters sent at once, and those that may wait for their turn. */
const KEYS_AT_ONCE = 4_096;
const KEYS_WAITING_MAX = 256 * 1024;
const OUTPUT_WAITING_MAX = 512;

/** The shared terminal of a workspace, as long as somebody looks at it. Keys are sent one after the other. */
export class WorkspaceTerminal {
	readonly #line: Line<"workspace">;
	readonly #notifier: Notifier;
	readonly #others: OthersTyping;
	#connection: Connection<"workspace"> | null = null;
	#sink: TerminalSink | null = null;
	#unsubscribe: readonly (() => void)[] = [];
	#terminal: TerminalState | null = null;
	#problem: Problem | null = null;
	#isOpening = false;
	#isReading = false;
	/** Characters of output that are drawn. */
	#at = 0;
	#early: TerminalOutput[] = [];
	#keys = "";
	#isSending = false;
	#shown: TerminalShown;

	constructor(line: Line<"workspace">, limits: ClientLimits, clock: Clock) {
		this.#line = line;
		this.#notifier = new Notifier(() => this.#refresh(), 0, clock);
		this.#others = new OthersTyping(() => this.#notifier.changed(), limits, clock);
		this.#shown = this.#show();
	}

	readonly subscribe = (listener: () => void): (() => void) => this.#notifier.subscribe(listener);
	readonly getSnapshot = (): TerminalShown => this.#shown;

	/** Draws it there until the returned function is called. */
	watch(sink: TerminalSink): () => void {
		this.#sink = sink;
		this.#listen();
		return () => {
			if (this.#sink !== sink) return;
			this.#sink = null;
			this.#deafen();
			this.#others.clear();
		};
	}

	/** Opens it, or joins the one that is open. What is refused is shown. */
	async open(size: TerminalSize): Promise<void> {
		if (this.#isOpening) return;
		this.#isOpening = true;
		this.#problem = null;
		this.#notifier.changed();
		try {
			await this.#line.call("openTerminal", { size });
		} catch (error) {
			this.#problem = problemIn(error);
		}
		this.#isOpening = false;
		this.#notifier.changed();
		await this.#read();
	}

	/** Nothing is sent later than it is meant: what waits while the connection breaks is forgotten. */
	type(text: string): void {
		if (!this.#line.isOpen || this.#terminal?.type !== "open") return;
		if (this.#keys.length + text.length > KEYS_WAITING_MAX) return;
		this.#keys += text;
		void this.#send();
	}

	resize(size: TerminalSize): void {
		const terminal = this.#terminal;
		if (terminal?.type !== "open") return;
		if (terminal.size.cols === size.cols && terminal.size.rows === size.rows) return;
		this.#line.call("resizeTerminal", { terminalId: terminal.id, size }).catch(() => {}); // somebody else's size stays
	}

	/** @throws Problem, ConnectionLost */
	async close(): Promise<void> {
		if (this.#terminal?.type !== "open") return;
		await this.#line.call("closeTerminal", { terminalId: this.#terminal.id });
	}

	/** Call with every connection that the workspace gets. The answer lets go of it. */
	attached(connection: Connection<"workspace">): () => void {
		this.#connection = connection;
		this.#listen();
		return () => {
			if (this.#connection !== connection) return;
			this.#connection = null;
			this.#deafen();
		};
	}

	opened(): void {
		this.#notifier.changed();
		void this.#read();
	}

	closed(): void {
		this.#keys = "";
		this.#others.clear();
		this.#notifier.changed();
	}

	dispose(): void {
		this.#deafen();
		this.#others.clear();
		this.#notifier.dispose();
	}

	#listen(): void {
		this.#deafen();
		const connection = this.#connection;
		if (connection === null || this.#sink === null) return;
		this.#unsubscribe = [
			connection.on("terminalChanged", (terminal) => this.#changed(terminal)),
			connection.on("terminalOutput", (output) => this.#heard(output)),
			connection.on("terminalTyped", ({ userId }) => this.#others.note(userId, true)),
		];
		void this.#read();
	}

	#deafen(): void {
		for (const each of this.#unsubscribe) each();
		this.#unsubscribe = [];
	}

	#changed(terminal: TerminalState): void {
		const isAnother =
			terminal.type === "open" && (this.#terminal?.type !== "open" || this.#terminal.id !== terminal.id);
		this.#terminal = terminal;
		if (isAnother) void this.#read();
		else if (terminal.type === "open") this.#sink?.resize(terminal.size);
		if (terminal.type !== "open") {
			this.#keys = "";
			this.#others.clear();
		}
		this.#notifier.changed();
	}

	#heard(output: TerminalOutput): void {
		if (this.#isReading) {
			if (this.#early.push(output) > OUTPUT_WAITING_MAX) this.#early.shift();
			return;
		}
		if (this.#terminal?.type !== "open" || this.#terminal.id !== output.terminalId) return;
		const { from, text } = output;
		if (from > this.#at) void this.#read();
		else if (from + text.length > this.#at) {
			this.#sink?.write(text.slice(this.#at - from));
			this.#at = from + text.length;
		}
	}

	/** Asks what is on the screen. What comes meanwhile waits. */
	async #read(): Promise<void> {
		if (this.#isReading || this.#sink === null || !this.#line.isOpen) return;
		this.#isReading = true;
		try {
			const { terminal, at, screen } = await this.#line.call("getTerminal");
			this.#terminal = terminal;
			this.#at = at;
			if (terminal.type === "open") this.#sink?.reset(screen, terminal.size);
		} catch (error) {
			if (this.#line.isOpen) this.#problem = problemIn(error);
		} finally {
			this.#isReading = false;
		}
		for (const output of this.#early.splice(0)) this.#heard(output);
		this.#notifier.changed();
	}

	async #send(): Promise<void> {
		if (this.#isSending) return;
		this.#isSending = true;
		while (this.#keys !== "" && this.#terminal?.type === "open") {
			const text = this.#keys.slice(0, outputCut(this.#keys, KEYS_AT_ONCE));
			this.#keys = this.#keys.slice(text.length);
			try {
				await this.#line.call("typeInTerminal", { terminalId: this.#terminal.id, text });
			} catch (error) {
				// It may or may not have arrived: what follows it could mean something else.
				this.#keys = "";
				if (this.#line.isOpen) this.#problem = problemIn(error);
				this.#notifier.changed();
			}
		}
		this.#isSending = false;
	}

	#refresh(): void {
		this.#shown = this.#show();
	}

	#show(): TerminalShown {
		return {
			terminal: this.#terminal,
			isConnected: this.#line.isOpen,
			isOpening: this.#isOpening,
			problem: this.#problem,
			typingUserIds: this.#others.userIds,
		};
	}
}
