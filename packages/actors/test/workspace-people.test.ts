import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { AUTHORIZATION } from "@bullpen/domain/authorization";
import type { InboxWorkspaceRow } from "@bullpen/domain/inbox";
import { LIMITS as DEFAULTS } from "@bullpen/domain/limits";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { confinement } from "../src/workspace/agent/confinement.ts";
import { type ActorsProcess, type House, openHouse } from "./harness.ts";
import { NO_RATES } from "./limits.ts";
import { refused, Town, type Who } from "./room-client.ts";
import { Visitors, type Watcher } from "./workspace-client.ts";

const SCRIPTED = fileURLToPath(new URL("./fixture/scripted-server.ts", import.meta.url));
const LIMITS = {
	...NO_RATES,
	roomAskEveryMs: 0,
	workspacesCreatedPerHour: 1e9,
	sideChatKept: 10,
};

const probed = mkdtempSync(join(tmpdir(), "bullpen-people-"));
const possible = await confinement(probed, DEFAULTS);
afterAll(() => rmSync(probed, { recursive: true, force: true }));

let house: House;
let town: Town;
let visitors: Visitors;
let workspaces: ActorsProcess;

const ada: Who = { id: "ada" };
const bob: Who = { id: "bob" };
const eve: Who = { id: "eve" };

beforeAll(async () => {
	house = await openHouse();
	[, workspaces] = await Promise.all([
		house.startActors("rooms", { limits: LIMITS }),
		house.startActors("workspaces", { entry: SCRIPTED, limits: LIMITS }),
	]);
	[town, visitors] = [new Town(house), new Visitors(house)];
	await town.register(ada, bob, eve, { id: "gus", role: "guest" });
});
afterEach(async () => {
	await town.leave();
	await visitors.leave();
});
afterAll(async () => {
	await visitors?.client.dispose();
	await house?.stop();
});

const found = async (name: string, visibility: "server" | "private" = "server"): Promise<string> =>
	(await town.as("directory", "main", ada).createWorkspace({ name, visibility })).workspaceId;
const soon = (check: () => unknown): Promise<unknown> => vi.waitFor(check, 5_000);
const within = (check: () => unknown): Promise<unknown> => vi.waitFor(check, 1_000);
const inboxRow = async (userId: string, id: string): Promise<InboxWorkspaceRow | undefined> =>
	(await visitors.inbox(userId)).rows.find((row): row is InboxWorkspaceRow => row.id === id);
const listedRow = async (id: string) =>
	(await town.as("directory", "main", eve).list()).rows.find(
		(row) => row.kind === "directoryWorkspace" && row.id === id,
	);
const quiet = (watcher: Watcher): Watcher => {
	watcher.connection.onError(() => undefined);
	return watcher;
};
const isCut = (watcher: Watcher): Promise<unknown> =>
	within(() => expect(watcher.connection.connStatus).not.toBe("connected"));

/** Every action that people call, tried with wrong input: `bad_input` is what they hear whom the door lets through. */
async function open(id: string, who: Who): Promise<string[]> {
	const may: string[] = [];
	for (const [name, rule] of Object.entries(AUTHORIZATION.workspace)) {
		if (!("people" in rule)) continue;
		const call = town.as("workspace", id, who).action({ name, args: [{ wrong: true }] });
		if ((await refused(call)).code === "bad_input") may.push(name);
	}
	return may;
}

describe("people", () => {
	test("[WS17] the owner invites with a role, changes it, and passes the workspace on; each is in the log", async () => {
		const id = await found("roles", "private");
		const owner = visitors.handle(id, "ada");
		await owner.invite({ userId: "bob", role: "viewer" });
		expect(await visitors.handle(id, "bob").getSessionInfo()).toMatchObject({ role: "viewer" });
		expect((await refused(visitors.handle(id, "bob").prompt({ text: "say no" }))).code).toBe("forbidden");
		await owner.setRole({ userId: "bob", role: "prompter" });
		await visitors.handle(id, "bob").prompt({ text: "say yes" });
		expect((await refused(visitors.handle(id, "bob").setRole({ userId: "bob", role: "viewer" }))).code).toBe(
			"forbidden",
		);
		expect((await refused(owner.setRole({ userId: "eve", role: "viewer" }))).code).toBe("not_found");
		expect((await refused(owner.transferOwnership({ userId: "eve" }))).code).toBe("not_found");
		expect((await refused(owner.leave())).code).toBe("forbidden");
		await owner.transferOwnership({ userId: "bob" });
		expect(await visitors.handle(id, "bob").getSessionInfo()).toMatchObject({ role: "owner" });
		expect(await owner.getSessionInfo()).toMatchObject({ role: "prompter", session: { ownerId: "bob" } });
		await owner.leave();
		expect((await refused(owner.getSessionInfo())).code).toBe("not_found");
		const { entries } = await visitors.handle(id, "bob").getAudit();
		expect(entries.map(({ act }) => act.type)).toEqual(["ownership-passed", "role-changed", "member-invited"]);
	});

	test("[WS18] whoever left is gone from their own list and may come back where everybody may, as what they were", async () => {
		const id = await found("leaving");
		await visitors.handle(id, "ada").invite({ userId: "bob", role: "viewer" });
		await soon(async () => expect(await inboxRow("bob", id)).toMatchObject({ name: "leaving" }));
		await visitors.handle(id, "bob").leave();
		await soon(async () => expect(await inboxRow("bob", id)).toHaveProperty("leftAt"));
		expect(await visitors.handle(id, "bob").getSessionInfo()).toMatchObject({ role: "viewer" });
		const closed = await found("leaving for good", "private");
		await visitors.handle(closed, "ada").invite({ userId: "bob" });
		const watcher = quiet(await visitors.watch(closed, "bob"));
		expect(await watcher.connection.leave()).toEqual({ ok: true });
		await isCut(watcher);
		expect((await refused(visitors.handle(closed, "bob").getSessionInfo())).code).toBe("not_found");
	});

	test("[WS3] a removed person hears nothing more within a second, whatever they still hold", async () => {
		const id = await found("removal");
		const owner = visitors.handle(id, "ada");
		await visitors.handle(id, "bob").prompt({ text: "say hi" });
		const [one, two] = [quiet(await visitors.watch(id, "bob")), quiet(await visitors.watch(id, "bob"))];
		const { head } = await one.connection.getTranscript();
		const ticket = house.ticket("workspace", id, bob);
		await owner.kick({ userId: "bob" });
		await Promise.all([isCut(one), isCut(two)]);
		const heard = one.frames.length;
		await owner.sendChat({ text: "a secret" });
		await owner.prompt({ text: "say a secret" });
		const held = town.client.workspace.get([id], { params: ticket });
		expect((await refused(held.changesSince({ version: head.version, epoch: head.epoch }))).code).toBe("not_found");
		expect(await open(id, bob)).toEqual([]);
		expect(JSON.stringify(one.frames.slice(heard))).not.toContain("secret");
		await soon(async () => expect(await inboxRow("bob", id)).toHaveProperty("leftAt"));
	});

	test("[WS19] closing a workspace shows out who was only looking, and nobody finds it any more", async () => {
		const id = await found("closing");
		await visitors.handle(id, "bob").prompt({ text: "say hi" });
		const [stays, goes] = [await visitors.watch(id, "bob"), quiet(await visitors.watch(id, "eve"))];
		expect((await refused(stays.connection.setVisibility({ visibility: "private" }))).code).toBe("forbidden");
		const owner = visitors.handle(id, "ada");
		expect((await refused(owner.setVisibility({ visibility: "room" }))).code).toBe("bad_input");
		expect((await refused(owner.setVisibility({ visibility: "room", roomId: "r-nowhere" }))).code).toBe("not_found");
		await owner.setVisibility({ visibility: "private" });
		await isCut(goes);
		expect(await open(id, eve)).toEqual([]);
		expect(stays.connection.connStatus).toBe("connected");
		await soon(async () => expect(await listedRow(id)).toMatchObject({ name: "", goneAt: expect.any(Number) }));
		await owner.setVisibility({ visibility: "server" });
		await soon(async () => expect(await listedRow(id)).toMatchObject({ name: "closing" }));
		expect(await listedRow(id)).not.toHaveProperty("goneAt");
	});

	test("[WS19] given to a room, it is that room's people's", async () => {
		const id = await found("handed over", "private");
		const roomId = await town.open(ada, "the makers", "private");
		const room = town.as("chatRoom", roomId, ada);
		await room.invite({ userId: "bob" });
		await town.as("chatRoom", roomId, bob).join();
		await visitors.handle(id, "ada").setVisibility({ visibility: "room", roomId });
		const watcher = quiet(await visitors.watch(id, "bob"));
		await watcher.connection.sendChat({ text: "hello" });
		expect((await refused(visitors.handle(id, "eve").getSessionInfo())).code).toBe("not_found");
		await visitors.handle(id, "ada").setVisibility({ visibility: "private" });
		await isCut(watcher);
		expect((await refused(visitors.handle(id, "bob").getSessionInfo())).code).toBe("not_found");
	});
});

describe("side chat", () => {
	test("[CHAT1] two people talk, and what they say is in no prompt and no memory of the agent", async () => {
		const id = await found("beside");
		const [hers, his] = [await visitors.watch(id, "ada"), await visitors.watch(id, "gus", "guest")];
		const { id: first } = await his.connection.sendChat({ text: "the canary sings" });
		await hers.connection.editChat({
			id: (await hers.connection.sendChat({ text: "a canary" })).id,
			text: "my canary",
		});
		await hers.connection.prompt({ text: "say one" });
		await hers.connection.prompt({ text: "recall" });
		await soon(() => expect(hers.texts.at(-1)).toContain('"asked":"say one"'));
		expect(hers.texts.join()).not.toContain("canary");
		expect(workspaces.lines.join()).not.toContain("canary");
		expect(JSON.stringify(hers.heard("workspaceChanged"))).toContain("the canary sings");
		expect((await refused(his.connection.editChat({ id: first + 1, text: "no" }))).code).toBe("forbidden");
		await hers.connection.deleteChat({ id: first });
		const { messages } = await his.connection.getChat();
		expect(messages).toMatchObject([{ id: first, text: "", deletedAt: expect.any(Number) }, { text: "my canary" }]);
		expect(JSON.stringify(await hers.connection.changesSince({ version: 0 }))).not.toContain("the canary sings");
	});

	test("[CHAT2] a message sent again with its nonce is one message; pages are bounded, and so is what is kept", async () => {
		const id = await found("pages");
		const owner = visitors.handle(id, "ada");
		const sent = await Promise.all([1, 2, 3].map(() => owner.sendChat({ text: "once", nonce: "n1" })));
		expect(new Set(sent.map(({ id: each }) => each)).size).toBe(1);
		expect((await refused(owner.sendChat({ text: "twice", nonce: "n1" }))).code).toBe("nonce_reused");
		await Promise.all(Array.from({ length: 14 }, (_, n) => owner.sendChat({ text: `m${n}` })));
		const page = await owner.getChat({ limit: 4 });
		expect([page.messages.map((row) => row.id), page.hasMore]).toEqual([[12, 13, 14, 15], true]);
		const older = await owner.getChat({ before: 12, limit: 200 });
		expect([older.messages.map((row) => row.id), older.hasMore]).toEqual([[6, 7, 8, 9, 10, 11], false]);
		expect((await owner.sendChat({ text: "once", nonce: "n1" })).id).toBe(1);
	});

	test.each([
		["sendChat", { text: " \u200b" }, "text_empty"],
		["sendChat", { text: "x".repeat(10_001) }, "text_too_long"],
		["sendChat", { text: "x", nonce: "not ok" }, "bad_input"],
		["editChat", { id: 99, text: "x" }, "not_found"],
		["deleteChat", { id: 0 }, "bad_input"],
		["getChat", { limit: 1e6 }, "bad_input"],
	] as const)("%s(%j) is refused as %s", async (name, input, code) => {
		const id = await found("hostile");
		expect((await refused(town.as("workspace", id, ada).action({ name, args: [input] }))).code).toBe(code);
		expect((await visitors.handle(id, "ada").getChat()).messages).toEqual([]);
	});
});

describe.skipIf(possible.kind === "virtual")("what it starts from (where sandboxes are possible)", () => {
	const uploadId = `u-${"0".repeat(30)}`;
	async function upload(userId: string): Promise<string> {
		const folder = join(house.dataFolder, "uploads", userId);
		await mkdir(join(folder, "repo"), { recursive: true });
		await writeFile(join(folder, "repo", "a.txt"), "one");
		execFileSync("tar", ["-C", folder, "-czf", join(folder, uploadId), "repo"]);
		return join(folder, uploadId);
	}

	test("[ORI2] an archive comes in before the first prompt, once, and its upload is gone", async () => {
		const id = await found("from an archive");
		const path = await upload("ada");
		const watcher = await visitors.watch(id, "ada");
		const archive = { kind: "archive", uploadId, name: "../my repo.tar.gz" } as const;
		expect((await refused(visitors.handle(id, "bob").startFrom(archive))).code).toBe("forbidden");
		await watcher.connection.startFrom(archive);
		expect((await refused(watcher.connection.startFrom(archive))).code).toBe("busy");
		await watcher.connection.prompt({ text: "say after it" });
		await vi.waitFor(() => expect(watcher.view.session?.origin).toMatchObject({ state: "done" }), 20_000);
		expect(watcher.view.session?.origin).toMatchObject({ kind: "archive", name: "my repo.tar.gz", by: "ada" });
		await soon(() => expect(watcher.texts).toContain("after it"));
		expect(readFileSync(join(house.dataFolder, "workspaces", id, "files", "a.txt"), "utf8")).toBe("one");
		await soon(() => expect(existsSync(path)).toBe(false));
		expect((await refused(watcher.connection.startFrom(archive))).code).toBe("bad_input");
	}, 40_000);

	test("[ORI6] what failed says why and may be tried again; nobody reaches another's upload, and no token is kept", async () => {
		const id = await found("from nothing");
		const path = await upload("eve");
		const owner = visitors.handle(id, "ada");
		const state = async () => (await owner.getSessionInfo()).session.origin;
		const failed = (problem: string) =>
			vi.waitFor(async () => expect(await state()).toMatchObject({ state: "failed", problem }), 20_000);
		await owner.startFrom({ kind: "archive", uploadId, name: "hers.zip" });
		await failed("upload_gone");
		expect(existsSync(path)).toBe(true);
		expect((await refused(owner.startFrom({ kind: "git", url: "http://example.org/x" }))).code).toBe("bad_input");
		expect((await refused(owner.startFrom({ kind: "archive", uploadId: "../../x", name: "x" }))).code).toBe(
			"bad_input",
		);
		await owner.startFrom({ kind: "git", url: "https://repository.invalid/x", token: "ghp_canary" });
		await failed("unreachable");
		expect(JSON.stringify(await owner.changesSince({ version: 0 }))).not.toContain("canary");
		expect(workspaces.lines.join()).not.toContain("canary");
	}, 60_000);
});

describe("its life", () => {
	test("renamed, everybody's lists follow", async () => {
		const id = await found("before");
		const owner = visitors.handle(id, "ada");
		expect((await refused(owner.rename({ name: " " }))).code).toBe("text_empty");
		expect((await refused(visitors.handle(id, "bob").rename({ name: "mine" }))).code).toBe("forbidden");
		await owner.rename({ name: "  after  " });
		await soon(async () => expect(await inboxRow("ada", id)).toMatchObject({ name: "after" }));
		await soon(async () => expect(await listedRow(id)).toMatchObject({ name: "after" }));
	});

	test("[WS20] archived, its turn is stopped and nothing but reading goes on; restored, the queue waits for somebody", async () => {
		const id = await found("resting");
		const watcher = await visitors.watch(id, "ada");
		await watcher.connection.prompt({ text: "wait" });
		await soon(() => expect(watcher.view.runningTurn).not.toBeNull());
		await watcher.connection.prompt({ text: "say later" });
		await watcher.connection.archive();
		await soon(() => expect(watcher.view.runningTurn).toBeNull());
		expect([...watcher.view.turns.values()]).toMatchObject([{ status: "cancelled", cancelledBy: "ada" }]);
		await soon(() => expect(watcher.view.session).toMatchObject({ state: "off", archived: { by: "ada" } }));
		expect((await refused(watcher.connection.prompt({ text: "say no" }))).code).toBe("archived");
		expect((await refused(watcher.connection.sendChat({ text: "no" }))).code).toBe("archived");
		expect(await watcher.connection.getTranscript()).toMatchObject({ hasMore: false });
		await soon(async () => expect(await inboxRow("ada", id)).toHaveProperty("archivedAt"));
		await soon(async () => expect(await listedRow(id)).toHaveProperty("archivedAt"));
		await watcher.connection.restore();
		await soon(() => expect(watcher.view.session).toMatchObject({ paused: { by: "ada" } }));
		expect(watcher.view.session).not.toHaveProperty("archived");
		await watcher.connection.resumeQueue();
		await soon(() => expect(watcher.texts).toContain("later"));
	});

	test("[WS21] deleted by its name, its people hear it and nothing of it is left anywhere", async () => {
		const id = await found("the end");
		const owner = visitors.handle(id, "ada");
		await visitors.handle(id, "bob").prompt({ text: "say hi" });
		const folder = join(house.dataFolder, "workspaces", id);
		await mkdir(folder, { recursive: true });
		await soon(async () => expect(await inboxRow("bob", id)).toMatchObject({ name: "the end" }));
		const watcher = quiet(await visitors.watch(id, "bob"));
		expect((await refused(owner.deleteWorkspace({ name: "The end" }))).code).toBe("bad_input");
		expect((await refused(visitors.handle(id, "bob").deleteWorkspace({ name: "the end" }))).code).toBe("forbidden");
		await owner.deleteWorkspace({ name: "the end" });
		await within(() => expect(watcher.view.session).toMatchObject({ deleted: { by: "ada" } }));
		await isCut(watcher);
		for (const userId of ["ada", "bob"]) {
			await soon(async () => expect(await inboxRow(userId, id)).toHaveProperty("leftAt"));
		}
		await soon(async () => expect(await listedRow(id)).toHaveProperty("goneAt"));
		await soon(() => expect(existsSync(folder)).toBe(false));
		await soon(async () =>
			expect(await owner.getSessionInfo().catch((error) => error)).toMatchObject({ code: "not_found" }),
		);
		const again = town.as("directory", "main", ada).createWorkspace({ name: "the end" });
		expect((await again).workspaceId).not.toBe(id);
	});

	test("[WS21] a process that ends between does not keep what was deleted", async () => {
		const id = await found("half gone");
		const folder = join(house.dataFolder, "workspaces", id);
		await mkdir(folder, { recursive: true });
		await visitors.handle(id, "ada").deleteWorkspace({ name: "half gone" });
		await workspaces.kill("SIGTERM");
		workspaces = await house.startActors("workspaces", { entry: SCRIPTED, limits: LIMITS });
		await vi.waitFor(() => expect(existsSync(folder)).toBe(false), 25_000);
		await soon(async () => expect(await inboxRow("ada", id)).toHaveProperty("leftAt"));
	}, 60_000);
});
