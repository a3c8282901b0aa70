import type { DirectoryView } from "@bullpen/domain/directory";
import type { InboxView } from "@bullpen/domain/inbox";
import type { SessionInfo } from "@bullpen/domain/workspace";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { type EdgeLink, Edges } from "./edge-client.ts";
import { type House, openHouse } from "./harness.ts";
import { NO_RATES } from "./limits.ts";
import { Town } from "./room-client.ts";
import { Visitors } from "./workspace-client.ts";

let house: House;
let town: Town;
let visitors: Visitors;
let edges: Edges;

const ada = { id: "ada" };
const bob = { id: "bob" };

beforeAll(async () => {
	house = await openHouse();
	const limits = { ...NO_RATES, inboxNoteHereMs: 20, inboxNoteAwayMs: 50, presenceGraceMs: 200 };
	await Promise.all([house.startActors("rooms", { limits }), house.startActors("workspaces", { limits })]);
	town = new Town(house);
	visitors = new Visitors(house);
	edges = new Edges(house);
	await town.register(ada, bob);
});
afterEach(async () => {
	await edges.close();
	await town.leave();
	await visitors.leave();
});
afterAll(() => house?.stop());

/** What somebody hears of their feed when they are attached once more. */
async function toldAgain(link: EdgeLink, connectionId: string): Promise<unknown> {
	const [answer] = (await link.attach([{ connectionId }])).people;
	return answer !== undefined && "told" in answer ? answer.told : undefined;
}
const emptyBatch = (name: string, version: number) => ({
	name,
	args: [{ from: version, to: version, rows: [], floorSeq: 1 }],
});

test("[RELAY8] an inbox: its person reads, marks and hears through an edge; anybody else is turned away", async () => {
	const roomId = await town.open(ada, "noted");
	await town.as("chatRoom", roomId, bob).join();
	const link = await edges.open("userInbox", "bob");
	const id = await edges.attach(link, "userInbox", "bob", bob);
	await expect(edges.attach(link, "userInbox", "bob", ada)).rejects.toMatchObject({ code: "not_found" });
	await town.as("chatRoom", roomId, ada).sendMessage({ text: "for bob" });
	await vi.waitFor(async () => {
		const { rows } = (await link.one(id, "getInbox")) as InboxView;
		expect(rows).toContainEqual(expect.objectContaining({ id: roomId, unread: 1 }));
	}, 10_000);
	await link.until(() => link.heardBy(id, "inboxChanged").length > 0);
	await link.one(id, "markRead", { roomId, seq: 1 });
	const { rows, head } = (await link.one(id, "getInbox")) as InboxView;
	expect(rows).toContainEqual(expect.objectContaining({ id: roomId, unread: 0 }));
	expect(await toldAgain(link, id)).toEqual(emptyBatch("inboxChanged", head.version));
});

test("[RELAY8] the directory: rooms are opened and heard of through an edge", async () => {
	const link = await edges.open("directory", "main");
	const [adas, bobs] = [
		await edges.attach(link, "directory", "main", ada),
		await edges.attach(link, "directory", "main", bob),
	];
	const { roomId } = (await link.one(adas, "openRoom", { name: "through the edge" })) as { roomId: string };
	await link.until(() => link.heardBy(bobs, "directoryChanged").length > 0);
	const { rows, head } = (await link.one(bobs, "list")) as DirectoryView;
	expect(rows).toContainEqual(expect.objectContaining({ id: roomId, name: "through the edge" }));
	expect(await toldAgain(link, bobs)).toEqual(emptyBatch("directoryChanged", head.version));
});

test("[RELAY8] [PEO2] closing an account closes what it holds through edges, and neither lease nor ticket brings it back", async () => {
	const eve = { id: "eve" };
	await town.register({ id: "boss", role: "owner" }, eve);
	const places = [
		["directory", "main"],
		["search", "main"],
		["userInbox", "eve"],
		["chatRoom", await town.open(ada, "eve looks in")],
	] as const;
	const held = await Promise.all(
		places.map(async ([actor, key]) => {
			const link = await edges.open(actor, key);
			const id = await edges.attach(link, actor, key, eve);
			const others = actor === "userInbox" ? [] : [await edges.attach(link, actor, key, ada)];
			return { actor, key, link, id, others };
		}),
	);
	const web = house.service("directory", "main", "web", "web");
	await town.client.directory.get(["main"], { params: web }).setActive({ userId: "eve", isActive: false, by: "boss" });
	for (const { actor, key, link, id, others } of held) {
		await link.until(() => link.closes().includes(id));
		expect(link.closes()).toEqual([id]);
		for (const other of others) expect(await link.attachOne({ connectionId: other })).toBe(other);
		await expect(link.attachOne({ connectionId: id })).rejects.toMatchObject({
			code: expect.stringMatching(/^(not_attached|unauthenticated)$/),
		});
		await expect(edges.attach(link, actor, key, eve)).rejects.toMatchObject({ code: "unauthenticated" });
	}
});

test("[RELAY8] a workspace: people talk and are seen through an edge, the removed are closed and do not come back", async () => {
	await visitors.make("w-relayed");
	const link = await edges.open("workspace", "w-relayed");
	const [adas, bobs] = [
		await edges.attach(link, "workspace", "w-relayed", ada),
		await edges.attach(link, "workspace", "w-relayed", bob),
	];
	const watcher = await visitors.watch("w-relayed", "ada");
	expect((await link.one(adas, "getSessionInfo")) as SessionInfo).toMatchObject({
		role: "owner",
		onlineUserIds: ["ada", "bob"],
	});
	await link.one(bobs, "setTyping", { isTyping: true });
	await link.until(() => link.heardBy(adas, "typing").length > 0);
	expect(link.heardBy(bobs, "typing")).toEqual([]);
	const { promptId } = (await link.one(bobs, "prompt", { text: "hello", nonce: "n1" })) as { promptId: string };
	expect(promptId).toEqual(expect.any(String));
	await link.until(() => link.heardBy(adas, "chat.user").length > 0);
	await link.until(() => link.heardBy(adas, "workspaceChanged").length > 0);
	await vi.waitFor(() => expect(watcher.heard("chat.user")).toHaveLength(1));
	expect(await toldAgain(link, adas)).toMatchObject({ name: "workspaceChanged", args: [{ rows: [] }] });

	await link.one(adas, "kick", { userId: "bob" });
	await link.until(() => link.closes().includes(bobs));
	await expect(link.one(bobs, "getTranscript")).rejects.toMatchObject({ code: "not_attached" });
	await expect(link.attachOne({ connectionId: bobs })).rejects.toMatchObject({ code: "not_attached" });
	await expect(edges.attach(link, "workspace", "w-relayed", bob)).rejects.toMatchObject({ code: "not_found" });
});

test("[RELAY1] [AUT3] a workspace's service actions are no person's, and no edge's", async () => {
	await visitors.make("w-closed");
	const link = await edges.open("workspace", "w-closed");
	const id = await edges.attach(link, "workspace", "w-closed", ada);
	for (const name of ["init", "attach", "forward", "wakeAlarm", "permissionAlarm", "notesAlarm"]) {
		await expect(link.one(id, name, {})).rejects.toMatchObject({ group: "user", code: "forbidden" });
	}
	await expect(link.call("prompt", { text: "x", nonce: "n" })).rejects.toMatchObject({ code: "forbidden" });
	await expect(link.call("init", {})).rejects.toMatchObject({ code: "forbidden" });
});
