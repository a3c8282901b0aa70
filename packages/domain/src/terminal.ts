import { z } from "zod";
import { UnixMs, UserId } from "./id.ts";
import { LIMITS } from "./limits.ts";
import { Problem } from "./problem.ts";

export const TerminalSize = z.strictObject({
	cols: z.int().min(LIMITS.terminalColsMin).max(LIMITS.terminalColsMax),
	rows: z.int().min(LIMITS.terminalRowsMin).max(LIMITS.terminalRowsMax),
});
export type TerminalSize = z.infer<typeof TerminalSize>;

/**
 * The one terminal of a workspace, which lives as long as its sandbox and is kept nowhere else: who comes after a crash finds
 * `none`. `ended` says why, and by whom if somebody closed it.
 */
export const TerminalState = z.discriminatedUnion("type", [
	z.strictObject({ type: z.literal("none") }),
	z.strictObject({
		type: z.literal("open"),
		id: z.string(),
		size: TerminalSize,
		openedBy: UserId,
		openedAt: UnixMs,
	}),
	z.strictObject({
		type: z.literal("ended"),
		id: z.string(),
		reason: z.string(),
		closedBy: UserId.optional(),
		exitCode: z.int().optional(),
	}),
]);
export type TerminalState = z.infer<typeof TerminalState>;

/** What is on the screen after the first `at` characters of output, as a terminal of that size would be told to draw it. */
export const TerminalView = z.strictObject({ terminal: TerminalState, at: z.int().min(0), screen: z.string() });
export type TerminalView = z.infer<typeof TerminalView>;

/** Characters `from` to `from + text.length` of the output. Whoever misses some asks for the screen again. */
export const TerminalOutput = z.strictObject({ terminalId: z.string(), from: z.int().min(0), text: z.string() });
export type TerminalOutput = z.infer<typeof TerminalOutput>;
export const TerminalTyped = z.strictObject({ userId: UserId });

export const OpenTerminalInput = z.strictObject({ size: TerminalSize });
export const TypeInTerminalInput = z.strictObject({
	terminalId: z.string(),
	text: z.string().min(1).max(LIMITS.terminalInputCharsMax),
});
export const ResizeTerminalInput = z.strictObject({ terminalId: z.string(), size: TerminalSize });
export const CloseTerminalInput = z.strictObject({ terminalId: z.string() });

/** The nearest size that a terminal may have. */
export const fittingSize = ({ cols, rows }: TerminalSize): TerminalSize => ({
	cols: between(cols, LIMITS.terminalColsMin, LIMITS.terminalColsMax),
	rows: between(rows, LIMITS.terminalRowsMin, LIMITS.terminalRowsMax),
});

const between = (value: number, min: number, max: number): number =>
	Math.min(max, Math.max(min, Math.floor(Number.isFinite(value) ? value : min)));

/** Whoever acts means the terminal they saw: keys for one that has ended never reach the next. @throws Problem `not_found` */
export function openTerminal(state: TerminalState, terminalId: string): Extract<TerminalState, { type: "open" }> {
	if (state.type !== "open" || state.id !== terminalId) throw new Problem("not_found", "This terminal has ended.");
	return state;
}

/** Where the next piece of output begins that fits, never between the halves of a character. */
export function outputCut(text: string, charsMax: number): number {
	if (text.length <= charsMax) return text.length;
	const last = text.charCodeAt(charsMax - 1);
	return last >= 0xd800 && last <= 0xdbff && charsMax > 1 ? charsMax - 1 : charsMax;
}
