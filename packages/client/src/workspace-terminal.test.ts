import type { TerminalSize, TerminalState } from "@bullpen/domain/terminal";
import { expect, test } from "vitest";
import { FakeConnection, never } from "../test/fake-connection.ts";
import { ManualClock } from "../test/manual-clock.ts";
import { CLIENT_LIMITS } from "./limits.ts";
import { Line } from "./line.ts";
import { type TerminalSink, WorkspaceTerminal } from "./workspace-terminal.ts";

const size = { cols: 80, rows: 24 };
const open = (id: string): TerminalState => ({ type: "open", id, size, openedBy: "ada", openedAt: 1 });

/** A page that draws into one string what it is told. */
class Page implements TerminalSink {
	text = "";
	resets = 0;
	size: TerminalSize = { cols: 0, rows: 0 };

	reset(screen: string, to: TerminalSize): void {
		this.text = screen;
		this.size = to;
		this.resets++;
	}

	resize(to: TerminalSize): void {
		this.size = to;
	}

	write(text: string): void {
		this.text += text;
	}
}

function start(answers: Partial<ConstructorParameters<typeof FakeConnection<"workspace">>[0]> = {}) {
	let output = "";
	let terminal: TerminalState = open("one");
	const connection = new FakeConnection<"workspace">({
		getTerminal: () => ({ terminal, at: output.length, screen: output }),
		typeInTerminal: () => ({ ok: true }),
		resizeTerminal: () => ({ ok: true }),
		...answers,
	});
	const line: Line<"workspace"> = new Line({
		listen: (made) => [store.attached(made)],
		opened: () => store.opened(),
		closed: () => store.closed(),
	});
	const clock = new ManualClock();
	const store = new WorkspaceTerminal(line, CLIENT_LIMITS, clock);
	line.attach(connection);
	connection.open();
	const page = new Page();
	const print = (text: string, isTold = true) => {
		const from = output.length;
		output += text;
		if (isTold) connection.emit("terminalOutput", { terminalId: "one", from, text });
	};
	const become = (state: TerminalState) => {
		terminal = state;
		connection.emit("terminalChanged", state);
	};
	return { store, connection, page, clock, print, become, output: () => output };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test("[TERM1] who comes late, missed some, or hears some twice draws the same as everybody", async () => {
	const { store, connection, page, print, output } = start();
	print("before ");
	store.watch(page);
	print("while asking ");
	await settled();
	print("after ");
	expect(page.text).toBe(output());
	print("lost ", false);
	print("next ");
	await settled();
	expect(page.text).toBe(output());
	connection.emit("terminalOutput", { terminalId: "one", from: 0, text: "before " });
	expect(page.text).toBe(output());
	expect(page.resets).toBe(2);
});

test("[TERM1] a page that nobody looks at hears nothing, and draws all of it when it is looked at again", async () => {
	const { store, page, print, output } = start();
	const stop = store.watch(page);
	await settled();
	stop();
	print("unseen");
	expect(page.text).toBe("");
	store.watch(page);
	await settled();
	expect(page.text).toBe(output());
});

test("[TERM2] keys are sent one call after the other, together while one is under way", async () => {
	let answer: (value: { ok: true }) => void = () => undefined;
	const { store, connection, page } = start({
		typeInTerminal: () =>
			new Promise((resolve) => {
				answer = resolve;
			}),
	});
	store.watch(page);
	await settled();
	for (const key of "abc") store.type(key);
	await settled();
	expect(connection.callsOf("typeInTerminal")).toEqual([{ terminalId: "one", text: "a" }]);
	answer({ ok: true });
	await settled();
	expect(connection.callsOf("typeInTerminal").at(-1)).toEqual({ terminalId: "one", text: "bc" });
});

test("[TERM2] keys that waited when the connection broke are never sent later", async () => {
	const { store, connection, page } = start({ typeInTerminal: () => never() });
	store.watch(page);
	await settled();
	store.type("a");
	store.type("rm -rf .\r");
	connection.close();
	await settled();
	connection.open();
	await settled();
	expect(connection.callsOf("typeInTerminal")).toHaveLength(1);
	expect(store.getSnapshot().isConnected).toBe(true);
});

test("[TERM5] another terminal begins with an empty page, and the end of one is shown", async () => {
	const { store, page, become } = start();
	store.watch(page);
	await settled();
	become({ type: "ended", id: "one", reason: "The shell ended.", exitCode: 1 });
	expect(store.getSnapshot().terminal).toMatchObject({ type: "ended", exitCode: 1 });
	store.type("x");
	become(open("two"));
	await settled();
	expect(page.resets).toBe(2);
	expect(store.getSnapshot().terminal).toMatchObject({ type: "open", id: "two" });
});

test("[TERM3] it has the size that everybody is told, and asks for another only when it differs", async () => {
	const { store, connection, page, become } = start();
	store.watch(page);
	await settled();
	store.resize(size);
	expect(connection.callsOf("resizeTerminal")).toEqual([]);
	store.resize({ cols: 100, rows: 30 });
	expect(connection.callsOf("resizeTerminal")).toHaveLength(1);
	become({ type: "open", id: "one", size: { cols: 100, rows: 30 }, openedBy: "ada", openedAt: 1 });
	expect(page.size).toEqual({ cols: 100, rows: 30 });
});

test("[TERM2] others who type are shown until they stop", async () => {
	const { store, connection, page, clock } = start();
	store.watch(page);
	connection.emit("terminalTyped", { userId: "ben" });
	expect(store.getSnapshot().typingUserIds).toEqual(["ben"]);
	await clock.pass(CLIENT_LIMITS.typingExpiresMs);
	expect(store.getSnapshot().typingUserIds).toEqual([]);
});
