import { setTimeout as wait } from "node:timers/promises";
import type { Limits } from "@bullpen/domain/limits";
import type { TerminalSize } from "@bullpen/domain/terminal";
import { SerializeAddon } from "@xterm/addon-serialize";
import headless from "@xterm/headless";

/** What a terminal's programs are answered at most for one piece of output. */
const REPLY_CHARS_MAX = 1_024;
/** After the screen was told it is not told again for this many times as long. */
const REST = 4;
const LINES_FIRST = 4;

/**
 * The screen that everybody sees, drawn from the output nowhere else than in memory: for whoever comes late, and to answer
 * programs that ask their terminal something, which pages do not.
 */
export class TerminalScreen {
	readonly #terminal: headless.Terminal;
	readonly #serializer = new SerializeAddon();
	readonly #limits: Pick<Limits, "terminalLinesKept" | "terminalScreenBytesMax">;
	#next: Promise<{ at: number; screen: string }> | undefined;
	#rested: Promise<unknown> = Promise.resolve();
	#at = 0;
	#replyChars = 0;

	constructor(
		size: TerminalSize,
		limits: Pick<Limits, "terminalLinesKept" | "terminalScreenBytesMax">,
		onReply: (text: string) => void,
	) {
		this.#limits = limits;
		this.#terminal = new headless.Terminal({
			...size,
			scrollback: limits.terminalLinesKept,
			allowProposedApi: true,
			logLevel: "off",
		});
		this.#terminal.loadAddon(this.#serializer);
		this.#terminal.onData((reply) => {
			this.#replyChars += reply.length;
			if (this.#replyChars <= REPLY_CHARS_MAX) onReply(reply);
		});
	}

	/** Draws what was printed. Resolves when that is on the screen. */
	draw(text: string): Promise<void> {
		return new Promise((resolve) => {
			this.#terminal.write(text, () => {
				this.#at += text.length;
				this.#replyChars = 0;
				resolve();
			});
		});
	}

	resize({ cols, rows }: TerminalSize): void {
		this.#terminal.resize(cols, rows);
	}

	/**
	 * What is drawn once all that was to be drawn by now is, and after how many characters that is. Telling it holds up all
	 * workspaces of this process: it takes a fifth of the time at most, and whoever asks meanwhile shares the next answer.
	 */
	view(): Promise<{ at: number; screen: string }> {
		this.#next ??= this.#rested.then(() => {
			this.#next = undefined;
			return this.#view();
		});
		return this.#next;
	}

	#view(): Promise<{ at: number; screen: string }> {
		return new Promise((resolve) => {
			this.#terminal.write("", () => {
				const startedAt = performance.now();
				const screen = this.#text();
				this.#rested = wait(REST * (performance.now() - startedAt), undefined, { ref: false });
				resolve({ at: this.#at, screen });
			});
		});
	}

	dispose(): void {
		this.#terminal.dispose();
	}

	/** With lines above it, more and more of them as long as they fit: what does not fit costs most. */
	#text(): string {
		const { terminalLinesKept, terminalScreenBytesMax } = this.#limits;
		let fitting: string | undefined;
		for (let lines = 0; ; lines = Math.min(terminalLinesKept, 4 * Math.max(lines, LINES_FIRST))) {
			const text = this.#serializer.serialize({ scrollback: lines });
			if (Buffer.byteLength(JSON.stringify(text)) > terminalScreenBytesMax) return fitting ?? this.#plainText();
			if (lines === terminalLinesKept) return text;
			fitting = text;
		}
	}

	/** A screen whose every cell has colours of its own is larger than anybody needs to be told. */
	#plainText(): string {
		const { active } = this.#terminal.buffer;
		const lines = Array.from(
			{ length: this.#terminal.rows },
			(_, row) => active.getLine(active.baseY + row)?.translateToString(true) ?? "",
		);
		return lines.join("\r\n");
	}
}
