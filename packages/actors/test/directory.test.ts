import type { DirectoryFeedRow } from "@bullpen/domain/directory";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { type House, openHouse } from "./harness.ts";
import { NO_RATES } from "./limits.ts";
import { refused, Town, type Who } from "./room-client.ts";

let house: House;
let town: Town;

const ada: Who = { id: "ada" };
const bob: Who = { id: "bob" };
const cat: Who = { id: "cat" };
const guest: Who = { id: "guest", role: "guest" };

beforeAll(async () => {
	house = await openHouse();
	await Promise.all([
		house.startActors("rooms", { limits: { ...NO_RATES, workspacesCreatedPerHour: 5 } }),
		house.startActors("workspaces"),
	]);
	town = new Town(house);
	await town.register(ada, bob, guest);
});
afterEach(() => town.leave());
afterAll(() => house?.stop());

const directory = (who: Who) => town.as("directory", "main", who);
const listed = async (who: Who): Promise<DirectoryFeedRow[]> => (await directory(who).list()).rows;

describe("rooms", () => {
	test("[R1] many who open the same new name at once are in one room, and one of them opened it", async () => {
		const people = Array.from({ length: 15 }, (_, index) => ({ id: `p${index}` }));
		const opened = await Promise.all(people.map((who) => directory(who).openRoom({ name: "Rush" })));
		expect(new Set(opened.map(({ roomId }) => roomId)).size).toBe(1);
		expect(opened.filter(({ created }) => created)).toHaveLength(1);
		const first = people[opened.findIndex(({ created }) => created)]!;
		const view = await town.as("chatRoom", opened[0]!.roomId, first).getRoom();
		expect(view).toMatchObject({ room: { createdBy: first.id }, me: { role: "owner", status: "joined" } });
	});

	test("[P4] public rooms are listed, private ones only to those who know and may enter", async () => {
		const open = await town.open(ada, "in the open");
		const hidden = await town.open(ada, "hidden", "private");
		const ids = (await listed(bob)).map(({ id }) => id);
		expect(ids).toContain(open);
		expect(ids).not.toContain(hidden);
		expect((await refused(directory(bob).openRoom({ name: "HIDDEN" }))).code).toBe("name_taken");
		await town.as("chatRoom", hidden, ada).invite({ userId: "bob" });
		expect(await directory(bob).openRoom({ name: "hidden" })).toEqual({
			roomId: hidden,
			name: "hidden",
			created: false,
		});
	});
});

describe("workspaces", () => {
	test("[W1] a workspace is made once per nonce, in its own pool, and listed when open to the server", async () => {
		const input = { name: "Parser", nonce: "n1" };
		const [one, two] = await Promise.all([
			directory(ada).createWorkspace(input),
			directory(ada).createWorkspace(input),
		]);
		expect(two).toEqual(one);
		expect(one).toMatchObject({ name: "Parser", workspaceId: expect.stringMatching(/^w-[0-9a-f]{30}$/) });
		expect((await refused(directory(ada).createWorkspace({ ...input, name: "Other" }))).code).toBe("nonce_reused");
		expect((await directory(bob).createWorkspace(input)).workspaceId).not.toBe(one.workspaceId);
		expect(await listed(bob)).toContainEqual(
			expect.objectContaining({ kind: "directoryWorkspace", id: one.workspaceId, name: "Parser", ownerId: "ada" }),
		);
		const info = await town.as("workspace", one.workspaceId, ada).getSessionInfo();
		expect(info).toMatchObject({ workspaceId: one.workspaceId, role: "owner", agent: "demo" });
	});

	test("[P4] a private one is nobody else's to see, one of a room needs that room", async () => {
		const { workspaceId } = await directory(ada).createWorkspace({ name: "Mine", visibility: "private" });
		expect((await listed(bob)).map(({ id }) => id)).not.toContain(workspaceId);
		expect((await refused(town.as("workspace", workspaceId, bob).getSessionInfo())).code).toBe("not_found");
		const roomId = await town.open(ada, "workshop", "private");
		const wish = { visibility: "room" as const, roomId };
		expect((await refused(directory(bob).createWorkspace(wish))).code).toBe("not_found");
		await directory(ada).createWorkspace(wish);
		expect((await refused(directory(ada).createWorkspace({ roomId }))).code).toBe("bad_input");
		expect((await refused(directory(ada).createWorkspace({ visibility: "room" }))).code).toBe("bad_input");
	});

	test("[WS16] an agent that there is none of makes nothing", async () => {
		const before = await listed(cat);
		const nonce = "n-agent";
		for (const agent of ["../../sh", "codex-acp", "constructor", "__proto__", "toString", "Demo", ""]) {
			const wish = directory(cat).createWorkspace({ agent, nonce });
			expect(await refused(wish)).toMatchObject({ code: "bad_input", metadata: { field: "agent" } });
		}
		expect(await listed(cat)).toEqual(before);
		// Neither the nonce nor any of the five workspaces an hour is spent.
		const made = await directory(cat).createWorkspace({ agent: "demo", nonce });
		expect(await town.as("workspace", made.workspaceId, cat).getSessionInfo()).toMatchObject({ agent: "demo" });
		for (let count = 1; count < 5; count++) await directory(cat).createWorkspace({});
	});

	test("[R10] somebody makes only so many workspaces an hour", async () => {
		const maker = { id: "maker" };
		for (let count = 0; count < 5; count++) await directory(maker).createWorkspace({});
		const { code, metadata } = await refused(directory(maker).createWorkspace({}));
		expect([code, metadata.perHour]).toEqual(["rate_limited", 5]);
	});
});

describe("people and the feed", () => {
	test("whoever signs in is listed, by their newest name, and has an inbox", async () => {
		await town.register({ id: "dora" });
		expect((await town.as("userInbox", "dora", { id: "dora" }).getInbox()).rows).toEqual([]);
		const web = town.client.directory.get(["main"], { params: house.service("directory", "main", "web", "web") });
		await web.registerPerson({ userId: "dora", name: "Dora D", role: "owner" });
		const rows = (await listed(guest)).filter(({ id }) => id === "dora");
		expect(rows).toEqual([expect.objectContaining({ kind: "person", name: "Dora D", role: "owner" })]);
	});

	test("[MEM13] guests hear of no room in it but of everything else, bots of all", async () => {
		const before = await town.open(ada, "not for guests");
		const connection = town.connect("directory", "main", guest);
		const rows: DirectoryFeedRow[] = [];
		const versions: [number, number][] = [];
		connection.on("directoryChanged", (batch) => {
			rows.push(...batch.rows);
			versions.push([batch.from, batch.to]);
		});
		const { rows: first, head } = await connection.list();
		expect(first.map(({ id }) => id)).toContain("ada");
		expect(first.map(({ id }) => id)).not.toContain(before);
		const after = await town.open(ada, "nor is this");
		await town.register({ id: "newcomer" });
		await vi.waitFor(() => expect(rows.map(({ id }) => id)).toContain("newcomer"));
		expect(rows.map(({ id }) => id)).not.toContain(after);
		expect(versions.map(([from]) => from)).toEqual([head.version, ...versions.slice(0, -1).map(([, to]) => to)]);
		const { rows: missed, to } = await connection.changesSince({ version: head.version });
		expect(missed).toEqual(rows);
		expect(to).toBe(versions.at(-1)?.[1]);
		const bot: Who = { id: "b-0123456789abcdef", role: "guest", scopes: ["read"] };
		expect((await listed(bot)).map(({ id }) => id)).toEqual(expect.arrayContaining([before, after]));
	});

	test("[FEED2] what is new is told, and what was missed can be read", async () => {
		const connection = town.connect("directory", "main", bob);
		const rows: unknown[] = [];
		connection.on("directoryChanged", (batch) => rows.push(...batch.rows));
		const { head } = await connection.list();
		const roomId = await town.open(ada, "news");
		await vi.waitFor(() => expect(rows).toContainEqual(expect.objectContaining({ id: roomId, name: "news" })));
		const changes = await connection.changesSince({ version: head.version });
		expect(changes).toMatchObject({ caughtUp: true, rows });
		expect((await connection.changesSince({ version: changes.to })).rows).toEqual([]);
		expect((await connection.changesSince({ version: 1e9 })).reset).toBe(true);
	});
});
