import { LIMITS } from "@bullpen/domain/limits";
import type { TerminalOutput, TerminalState } from "@bullpen/domain/terminal";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { AgentBroken, type TerminalWish } from "./agent/agent-host.ts";
import type { Scope } from "./scope.ts";
import { Terminal } from "./terminal.ts";

const limits = { ...LIMITS, terminalFlushMs: 5, terminalBatchCharsMax: 10, terminalIdleMs: 60_000 };
const size = { cols: 40, rows: 10 };

let output: TerminalOutput[];
let states: TerminalState[];
let typed: string[];
let uses: boolean[];
let wishes: TerminalWish[];
let written: string[];
let flow: string[];
let start: (wish: TerminalWish) => void;
let terminal: Terminal;
beforeEach(() => {
	[output, states, typed, uses, wishes, written, flow] = [[], [], [], [], [], [], []];
	start = () => undefined;
	const audience = {
		broadcast: (event: string, payload: never) => {
			if (event === "terminalOutput") output.push(payload);
			if (event === "terminalChanged") states.push(payload);
		},
		sendToOthers: (userId: string) => typed.push(userId),
		pace: async () => undefined,
	};
	const frame = { keepAwake: (work: Promise<unknown>) => work, log: { error: expect.unreachable } };
	terminal = new Terminal({ frame, audience, limits, now: Date.now } as unknown as Scope, {
		start: async (wish) => {
			start(wish);
			wishes.push(wish);
			return {
				write: (text) => written.push(text),
				resize: ({ cols, rows }) => flow.push(`${cols}x${rows}`),
				pause: () => flow.push("pause"),
				resume: () => flow.push("resume"),
				close: async () => wish.onEnd({}),
			};
		},
		onUse: (isUsed) => uses.push(isUsed),
	});
});
afterEach(() => vi.useRealTimers());

const idOf = async (): Promise<string> => {
	const { terminal: state } = await terminal.view();
	return state.type === "none" ? "" : state.id;
};
const print = (text: string) => wishes.at(-1)?.onOutput(Buffer.from(text));

test("[TERM1] two who open it at once get the same one", async () => {
	const [one, other] = await Promise.all([terminal.open(size, "u-ada"), terminal.open(size, "u-ben")]);
	expect(wishes).toHaveLength(1);
	expect(one.terminal).toEqual(other.terminal);
	expect(one.terminal).toMatchObject({ type: "open", openedBy: "u-ada", size });
});

test("[TERM4] output comes in bounded pieces in order, each with its place; while it is told the shell waits", async () => {
	await terminal.open(size, "u-ada");
	print("0123456789abcdefghij🙂");
	await vi.waitFor(() => expect(output.map(({ text }) => text).join("")).toBe("0123456789abcdefghij🙂"));
	expect(Math.max(...output.map(({ text }) => text.length))).toBeLessThanOrEqual(10);
	let at = 0;
	for (const { from, text } of output) {
		expect(from).toBe(at);
		at += text.length;
	}
	expect(flow[0]).toBe("pause");
	expect(flow.at(-1)).toBe("resume");
});

test("[TERM4] many small prints within a moment are one piece, and a halved character waits for its rest", async () => {
	await terminal.open(size, "u-ada");
	print("a");
	const euro = Buffer.from("€");
	wishes[0]?.onOutput(euro.subarray(0, 1));
	wishes[0]?.onOutput(euro.subarray(1));
	print("b");
	await vi.waitFor(() => expect(output.map(({ text }) => text)).toEqual(["a", "€b"]));
});

test("[TERM1] what was told before somebody asks is in the screen they get", async () => {
	await terminal.open(size, "u-ada");
	print("hello");
	const { at, screen } = await terminal.view();
	expect(at).toBe(output.reduce((sum, { text }) => sum + text.length, 0));
	expect(screen).toContain("hello");
});

test("[TERM2] keys reach the terminal that was meant, in their order, and others see who types", async () => {
	await terminal.open(size, "u-ada");
	const id = await idOf();
	for (const key of ["l", "s", "\r"]) terminal.type(id, key, "u-ben");
	expect(written).toEqual(["l", "s", "\r"]);
	expect(typed).toEqual(["u-ben"]);
	expect(() => terminal.type("another", "x", "u-ben")).toThrow("This terminal has ended.");
	await terminal.close(id, "u-ben");
	await terminal.open(size, "u-ada");
	expect(() => terminal.type(id, "x", "u-ben")).toThrow("This terminal has ended.");
	expect(written).toEqual(["l", "s", "\r"]);
});

test("[TERM3] everybody is told its size", async () => {
	await terminal.open(size, "u-ada");
	const id = await idOf();
	terminal.resize(id, { cols: 100, rows: 30 });
	terminal.resize(id, { cols: 100, rows: 30 });
	expect(flow).toEqual(["100x30"]);
	expect(states.at(-1)).toMatchObject({ type: "open", id, size: { cols: 100, rows: 30 } });
});

test("[TERM5] its end is told with who closed it, or what the shell said, or that the sandbox ended", async () => {
	await terminal.open(size, "u-ada");
	await terminal.close(await idOf(), "u-ben");
	expect(states.at(-1)).toMatchObject({ type: "ended", closedBy: "u-ben" });
	await terminal.open(size, "u-ada");
	wishes.at(-1)?.onEnd({ exitCode: 3 });
	expect(states.at(-1)).toMatchObject({ type: "ended", reason: "The shell ended.", exitCode: 3 });
	await terminal.open(size, "u-ada");
	wishes.at(-1)?.onEnd({});
	expect(states.at(-1)).toMatchObject({ type: "ended", reason: "Its sandbox ended." });
	expect(uses).toEqual([true, false, true, false, true, false]);
});

test("[TERM5] one that nobody uses is closed after a while, and every use puts that off", async () => {
	vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
	const opened = terminal.open(size, "u-ada");
	await vi.advanceTimersByTimeAsync(10);
	const { terminal: state } = await opened;
	await vi.advanceTimersByTimeAsync(59_000);
	terminal.type(state.type === "open" ? state.id : "", "x", "u-ada");
	await vi.advanceTimersByTimeAsync(59_000);
	expect(terminal.isOpen).toBe(true);
	await vi.advanceTimersByTimeAsync(1_000);
	expect(states.at(-1)).toMatchObject({ type: "ended", reason: "Nobody used it for a while." });
});

test("[TERM5] one that does not come up is refused with the reason, and leaves nothing", async () => {
	start = () => {
		throw new AgentBroken("bubblewrap is not installed.");
	};
	await expect(terminal.open(size, "u-ada")).rejects.toMatchObject({
		code: "sandbox_unavailable",
		message: "bubblewrap is not installed.",
	});
	expect(terminal.isOpen).toBe(false);
	expect(uses).toEqual([true, false]);
});
