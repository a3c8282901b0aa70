import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { type ActorsProcess, type House, openHouse } from "./harness.ts";
import { Visitors, type Watcher } from "./workspace-client.ts";

const LIMITS = { workspaceAlarmMs: 2_000, workspaceSleepAfterMs: 1_500, egressConnectMs: 500 };
const LONG = 60_000;

let house: House;
let actors: ActorsProcess;
let visitors: Visitors;
let made = 0;

beforeAll(async () => {
	house = await openHouse();
	actors = await house.startActors("workspaces", { limits: LIMITS });
	visitors = new Visitors(house);
	for (const userId of ["ada", "bob", "eve"]) await visitors.makeInbox(userId);
});
afterEach(() => visitors.leave());
afterAll(async () => {
	await visitors.client.dispose();
	await house.stop();
});

const newWorkspace = async (): Promise<string> => {
	const id = `w-agent-${++made}`;
	await visitors.make(id);
	return id;
};
const eventually = (check: () => void): Promise<void> => vi.waitFor(check, 20_000);
const ended = (watcher: Watcher, count: number): Promise<void> =>
	eventually(() =>
		expect([...watcher.view.turns.values()].filter(({ status }) => status !== "running")).toHaveLength(count),
	);
const allow = async (watcher: Watcher): Promise<void> => {
	await eventually(() => expect(watcher.view.pendingPermissions).toHaveLength(1));
	const [question] = watcher.view.pendingPermissions;
	const yes = question?.options.find(({ kind }) => kind === "allow_once");
	await watcher.connection.answerPermission({ requestId: question!.id, optionId: yes!.optionId });
	await eventually(() => expect(watcher.view.pendingPermissions).toHaveLength(0));
};
/** Whether a process works on this workspace's files (proc(5); false where there is no such folder). */
const hasProcess = (workspaceId: string): boolean =>
	readdirSync("/proc").some((name) => /^\d+$/.test(name) && commandOf(name).includes(`/workspaces/${workspaceId}/`));
const commandOf = (pid: string): string => {
	try {
		return readFileSync(`/proc/${pid}/cmdline`, "utf8");
	} catch {
		return ""; // ended since the folder was listed
	}
};
const isConfined = (watcher: Watcher): boolean => watcher.view.session?.sandboxKind === "confined";

test(
	"[P5] [W5] two people see a real agent make, change and run a file; either approves; the file is there",
	async () => {
		const id = await newWorkspace();
		const [ada, bob] = [await visitors.watch(id, "ada"), await visitors.watch(id, "bob")];
		await ada.connection.prompt({ text: "write hello.js with console.log('hello from here')" });
		await allow(bob);
		await ended(ada, 1);
		await bob.connection.prompt({ text: "change here to there in hello.js" });
		await allow(ada);
		await ended(ada, 2);
		if (isConfined(ada)) {
			await ada.connection.prompt({ text: "run hello.js" });
			await allow(bob);
			await ended(ada, 3);
			expect(JSON.stringify(ada.view.items)).toContain("hello from there");
		} else {
			expect(ada.view.session?.sandboxNote).toBeTruthy();
		}
		await ended(bob, ada.view.turns.size);
		expect(bob.view).toEqual(ada.view);
		expect((await visitors.watch(id, "eve")).view.items).toEqual(ada.view.items);
		expect([...ada.view.turns.values()].map(({ status }) => status)).not.toContain("failed");
		expect(ada.view.permissions[0]).toMatchObject({ status: "answered", answeredBy: "bob" });
		expect(await ada.connection.getSessionInfo()).toMatchObject({ workspaceId: id, sandboxId: expect.any(String) });
		if (isConfined(ada)) {
			const file = join(house.dataFolder, "workspaces", id, "files", "hello.js");
			expect(readFileSync(file, "utf8")).toContain("hello from there");
		}
	},
	LONG,
);

test(
	"[W7] nothing that a client gets has an address, a token or a path of the server",
	async () => {
		const id = await newWorkspace();
		const ada = await visitors.watch(id, "ada");
		await ada.connection.prompt({ text: "write a.txt with one" });
		await allow(ada);
		await ada.connection.prompt({ text: "read a.txt" });
		await ended(ada, 2);
		await ada.load();
		const heard = JSON.stringify([ada.frames, await ada.connection.getSessionInfo()]);
		expect(heard.length).toBeGreaterThan(2_000);
		expect(heard).not.toMatch(/https?:|127\.0\.0\.1|localhost|\.sock|bearer|authorization/i);
		expect(heard).not.toContain(house.dataFolder);
		expect(heard).not.toContain(house.engine.token);
	},
	LONG,
);

test(
	"[EGR2] [EGR3] a host is refused and told to everybody; the owner allows it, and the same program gets through",
	async () => {
		const id = await newWorkspace();
		const [ada, bob] = [await visitors.watch(id, "ada"), await visitors.watch(id, "bob")];
		const program = `const http = require("node:http");
			const { hostname, port } = new URL(process.env.HTTPS_PROXY);
			const ask = () => http.request({ hostname, port, method: "CONNECT", path: "nowhere.invalid:443" })
				.on("connect", (answer, socket) => {
					socket.destroy();
					if (answer.statusCode === 403) return setTimeout(ask, 100);
					console.log("through: " + answer.statusCode);
				}).end();
			ask();`;
		const data = Buffer.from(program).toString("base64");
		await ada.connection.writeFile({ path: "ask.cjs", version: null, data });
		await ada.connection.prompt({ text: "run ask.cjs" });
		if (!isConfined(ada)) return ended(ada, 1); // nothing is run there
		await allow(ada);
		await eventually(() =>
			expect(bob.view.session?.refusedHosts).toEqual([
				{ host: "nowhere.invalid", port: 443, reason: "not_allowed", at: expect.any(Number) },
			]),
		);
		const wanted = { presets: ["npm" as const], hosts: ["nowhere.invalid"] };
		await expect(bob.connection.setEgress(wanted)).rejects.toMatchObject({ code: "forbidden" });
		await expect(ada.connection.setEgress({ presets: [], hosts: ["10.0.0.1"] })).rejects.toMatchObject({
			code: "bad_input",
		});
		await ada.connection.setEgress(wanted);
		await ended(ada, 1);
		expect(JSON.stringify(ada.view.items)).toMatch(/through: 502/);
		expect(bob.view.session).toMatchObject({ egress: wanted });
		expect(bob.view.session?.refusedHosts).toBeUndefined();
		const { entries } = await bob.connection.getAudit();
		expect(entries.map(({ act }) => act)).toContainEqual({
			...{ type: "egress-changed", by: "ada", added: ["npm", "nowhere.invalid"], removed: [] },
		});
		expect(bob.view.session?.sandbox).toMatchObject({ proof: { namespaces: expect.arrayContaining(["net", "pid"]) } });
	},
	LONG,
);

test(
	"kill -9 in a turn: interrupted once, the queue goes on, and the agent knows what was said",
	async () => {
		const id = await newWorkspace();
		const before = await visitors.watch(id, "ada");
		await before.connection.prompt({ text: "write keep.txt with kept" });
		await allow(before);
		await ended(before, 1);
		await before.connection.prompt({ text: "write lost.txt with lost" });
		await eventually(() => expect(before.view.pendingPermissions).toHaveLength(1));
		await before.connection.prompt({ text: "read keep.txt" });
		await visitors.leave();
		await actors.kill("SIGKILL");
		actors = await house.startActors("workspaces", { limits: LIMITS });
		const ada = await visitors.watch(id, "ada");
		await ended(ada, 3);
		expect([...ada.view.turns.values()].map(({ status }) => status).sort()).toEqual([
			"completed",
			"completed",
			"interrupted",
		]);
		expect(JSON.stringify(ada.view.items.slice(-3))).toContain("kept");
		await ada.connection.prompt({ text: "what did I ask before?" });
		await ended(ada, 4);
		const answer = ada.texts.slice(ada.texts.lastIndexOf("what did I ask before?") + 1).join("\n");
		expect(answer).toContain("keep.txt");
	},
	LONG,
);

test(
	"left alone it sleeps with no process, and comes back knowing what was said",
	async () => {
		const id = await newWorkspace();
		const before = await visitors.watch(id, "ada");
		await before.connection.prompt({ text: "write nap.txt with zzz" });
		await allow(before);
		await ended(before, 1);
		const told = before.texts;
		expect(hasProcess(id)).toBe(isConfined(before));
		await visitors.leave();
		await eventually(() => expect(hasProcess(id)).toBe(false));
		const ada = await visitors.watch(id, "ada");
		if (isConfined(ada)) expect(ada.view.session?.state).toBe("off");
		expect(ada.texts).toEqual(told);
		await ada.connection.prompt({ text: "read nap.txt" });
		await ended(ada, 2);
		expect(JSON.stringify(ada.view.items)).toContain("zzz");
	},
	LONG,
);

test(
	"[TR19] what the agent understands after a slash is told, goes to it as it was written, and is gone when it says so",
	async () => {
		const ada = await visitors.watch(await newWorkspace(), "ada");
		const names = () => ada.view.session?.commands?.map(({ name }) => name);
		const always = ["help", "list", "read", "search", "plan"];
		const told = [[...always, "history", "forget"], [...always, "history", "forget"], always];
		for (const [index, text] of ["/list", "/history", "/forget"].entries()) {
			await ada.connection.prompt({ text });
			await ended(ada, index + 1);
			expect(names()).toEqual(told[index]);
		}
		expect(ada.texts.join("\n")).toMatch(/You asked before:\s+1\. \/list/);
		const asked = ada.heard("session.event").filter((event) => JSON.stringify(event).includes('"session/prompt"'));
		expect(asked).toMatchObject(
			["/list", "/history", "/forget"].map((text) => ({ payload: { params: { prompt: [{ type: "text", text }] } } })),
		);
	},
	LONG,
);

test(
	"members' inboxes hear of it: what it is called, that it asks, that it is done",
	async () => {
		const id = await newWorkspace();
		const ada = await visitors.watch(id, "ada");
		const row = async () => (await visitors.inbox("ada")).rows.find((one) => one.id === id);
		await ada.connection.prompt({ text: "write b.txt with two" });
		await vi.waitFor(async () => expect(await row()).toMatchObject({ name: "Work", needsYou: true }), 20_000);
		await allow(ada);
		await ended(ada, 1);
		await vi.waitFor(async () => expect(await row()).toMatchObject({ needsYou: false, state: "idle" }), 20_000);
	},
	LONG,
);
