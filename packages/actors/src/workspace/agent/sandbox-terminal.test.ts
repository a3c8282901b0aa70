import { mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LIMITS } from "@bullpen/domain/limits";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { WebSocketServer } from "ws";
import { Cell } from "../../../test/cell.ts";
import { confinement } from "./confinement.ts";
import { type OpenedTerminal, openSandboxTerminal } from "./sandbox-terminal.ts";

const root = mkdtempSync(join(tmpdir(), "bullpen-terminal-"));
const possible = await confinement(root, LIMITS);
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe.skipIf(possible.kind === "virtual")("a terminal in a real sandbox (where this machine can confine)", () => {
	let cell: Cell;
	let opened: OpenedTerminal[] = [];
	beforeAll(() => {
		cell = new Cell(root);
	});
	afterAll(() => cell.close());
	afterEach(async () => {
		for (const each of opened) await each.close();
		opened = [];
	});

	async function open(): Promise<{ shell: OpenedTerminal; said: () => string; end: ReturnType<typeof vi.fn> }> {
		const decoder = new TextDecoder();
		let text = "";
		const end = vi.fn();
		const shell = await cell.host.terminal({
			size: { cols: 100, rows: 30 },
			onOutput: (bytes) => {
				text = (text + decoder.decode(bytes, { stream: true })).slice(-100_000);
			},
			onEnd: end,
		});
		opened.push(shell);
		return { shell, said: () => text, end };
	}
	const says = (said: () => string, words: RegExp) =>
		vi.waitFor(() => expect(said()).toMatch(words), { timeout: 10_000 });

	test("is a shell in its files, of the size it was given, as the workspace's own user", async () => {
		const { shell, said } = await open();
		shell.write("stty size; pwd; id -u; echo made > by-hand.txt; cat by-hand.txt\r");
		await says(said, /30 100\r\n\/workspace\r\n\d+\r\nmade\r\n/);
		expect(said()).not.toMatch(/^0\r$/m);
		shell.resize({ cols: 61, rows: 17 });
		shell.write("stty size\r");
		await says(said, /17 61\r\n/);
		expect(await cell.run("cat by-hand.txt")).toBe("made\n");
	});

	test("knows nothing that its sandbox's server was told, and sees nothing of the host", async () => {
		const { shell, said } = await open();
		shell.write(`env | cut -d= -f1 | sort | tr '\\n' ' '; echo; ls ${root}; echo done-$((1+1))\r`);
		await says(said, /done-2/);
		expect(said()).toMatch(/No such file/);
		expect(said()).not.toMatch(/TOKEN|KEY|SANDBOX_AGENT/);
	});

	test("a program that prints without end is stopped by a key, also when nobody takes what it prints", async () => {
		const { shell, said } = await open();
		shell.write("yes full\r");
		await says(said, /full\r\nfull/);
		shell.pause();
		shell.write("\u0003");
		shell.resume();
		shell.write("echo still-$((2+3))\r");
		await says(said, /still-5/);
	});

	test("ends with its shell, and says how", async () => {
		const { shell, said, end } = await open();
		await says(said, /\$ $/);
		shell.write("exit 7\r");
		await vi.waitFor(() => expect(end).toHaveBeenCalledExactlyOnceWith({ exitCode: 7 }), { timeout: 10_000 });
	});

	test("takes what it runs along when it is closed", async () => {
		const { shell, said, end } = await open();
		shell.write("sleep 4242 & echo started\r");
		await says(said, /started\r\n/);
		await shell.close();
		expect(end).toHaveBeenCalledTimes(1);
		await vi.waitFor(async () => expect(await cell.run("pgrep -f 'sleep 424[2]' || echo gone")).toContain("gone"));
	});

	test("ends with its sandbox, once", async () => {
		const { end } = await open();
		await cell.stop();
		await vi.waitFor(() => expect(end).toHaveBeenCalledExactlyOnceWith({}));
	});
});

test("ends when its sandbox does not read what is typed: nothing piles up outside", async () => {
	const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
	server.on("connection", (socket) => socket.pause());
	await new Promise((resolve) => server.once("listening", resolve));
	const { port } = server.address() as AddressInfo;
	const end = vi.fn();
	const shell = await openSandboxTerminal(
		{
			fetch: async () => Response.json({ id: "t", pid: 1 }),
			connect: () => connect(port, "127.0.0.1"),
			folder: "/workspace",
			answerMs: 5_000,
		},
		{ size: { cols: 80, rows: 24 }, onOutput: () => undefined, onEnd: end },
	);
	for (let n = 0; n < 4_000; n++) shell.write("x".repeat(8_192));
	await vi.waitFor(() => expect(end).toHaveBeenCalledOnce(), { timeout: 5_000 });
	for (const client of server.clients) client.terminate();
	await new Promise((resolve) => server.close(resolve));
});

test("an answer without an end is given up, whatever it says", async () => {
	let given = 0;
	const endless = () =>
		new ReadableStream({
			pull(controller) {
				given += 1;
				controller.enqueue(new TextEncoder().encode("x".repeat(16_384)));
			},
		});
	for (const status of [200, 500]) {
		given = 0;
		const place = {
			fetch: async () => new Response(endless(), { status }),
			connect: () => connect(1, "127.0.0.1"),
			...{ folder: "/workspace", answerMs: 60_000 },
		};
		const wish = { size: { cols: 80, rows: 24 }, onOutput: () => undefined, onEnd: () => undefined };
		await expect(openSandboxTerminal(place, wish)).rejects.toThrow("The answer is too long.");
		expect(given).toBeLessThan(20);
	}
});
