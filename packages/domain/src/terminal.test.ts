import { expect, test } from "vitest";
import { LIMITS } from "./limits.ts";
import { fittingSize, openTerminal, outputCut, type TerminalState, TypeInTerminalInput } from "./terminal.ts";
import { refusal } from "./test/refusal.ts";

const open: TerminalState = { type: "open", id: "one", size: { cols: 80, rows: 24 }, openedBy: "u-ada", openedAt: 1 };

test("[TERM2] keys for a terminal that has ended never reach the next one", () => {
	expect(openTerminal(open, "one")).toBe(open);
	expect(refusal(() => openTerminal(open, "zero")).code).toBe("not_found");
	expect(refusal(() => openTerminal({ type: "none" }, "one")).code).toBe("not_found");
	expect(refusal(() => openTerminal({ type: "ended", id: "one", reason: "It ended." }, "one")).code).toBe("not_found");
});

test("[TERM3] a terminal has a size that fits, whatever a window says", () => {
	expect(fittingSize({ cols: 100.7, rows: 30.2 })).toEqual({ cols: 100, rows: 30 });
	expect(fittingSize({ cols: 1, rows: 0 })).toEqual({ cols: LIMITS.terminalColsMin, rows: LIMITS.terminalRowsMin });
	expect(fittingSize({ cols: 1e9, rows: Number.NaN })).toEqual({
		cols: LIMITS.terminalColsMax,
		rows: LIMITS.terminalRowsMin,
	});
});

test("[TERM4] output is cut into pieces without halving a character", () => {
	const text = "ab🙂cd";
	const pieces = [];
	for (let rest = text; rest !== ""; ) {
		const cut = outputCut(rest, 3);
		pieces.push(rest.slice(0, cut));
		rest = rest.slice(cut);
	}
	expect(pieces).toEqual(["ab", "🙂c", "d"]);
	expect(outputCut("🙂", 1)).toBe(1);
});

test("[TERM2] what is typed at once is bounded, and never nothing", () => {
	const typed = (text: string) => TypeInTerminalInput.safeParse({ terminalId: "one", text }).success;
	expect(typed("\u0003")).toBe(true);
	expect(typed("")).toBe(false);
	expect(typed("x".repeat(LIMITS.terminalInputCharsMax + 1))).toBe(false);
});
