import type { Limits } from "@bullpen/domain/limits";
import type { TerminalSize } from "@bullpen/domain/terminal";
import { SerializeAddon } from "@xterm/addon-serialize";
import headless from "@xterm/headless";

/** What a terminal's programs are answered at most for one piece of output. */
const REPLY_CHARS_MAX = 1_024;

/**
 * The screen that everybody sees, drawn from the output nowhere else than in memory: for whoever comes late, and to answer
 * programs that ask their terminal something, which pages do not.
 */
export class TerminalScreen {
	readonly #terminal: headless.Terminal;
	readonly #serializer = new SerializeAddon();
	readonly #limits: Pick<Limits, "terminalLinesKept" | "terminalScreenBytesMax">;
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

	/** What is drawn once all that was to be drawn by now is, and after how many characters that is. */
	view(): Promise<{ at: number; screen: string }> {
		return new Promise((resolve) => {
			this.#terminal.write("", () => resolve({ at: this.#at, screen: this.#text() }));
		});
	}

	dispose(): void {
		this.#terminal.dispose();
	}

	/** With as many lines above it as fit. */
	#text(): string {
		for (let lines = this.#limits.terminalLinesKept; ; lines = Math.floor(lines / 4)) {
			const text = this.#serializer.serialize({ scrollback: lines });
			if (Buffer.byteLength(JSON.stringify(text)) <= this.#limits.terminalScreenBytesMax) return text;
			if (lines === 0) return this.#plainText();
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
