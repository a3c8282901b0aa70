import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { type ActorsProcess, type House, openHouse } from "./harness.ts";
import { NO_RATES } from "./limits.ts";
import { refused, Town, type Who } from "./room-client.ts";
import { Visitors, type Watcher } from "./workspace-client.ts";

const SCRIPTED = fileURLToPath(new URL("./fixture/scripted-server.ts", import.meta.url));
/** Every act asks the room: how long it may go without is the unit test's matter. */
const LIMITS = { ...NO_RATES, roomAskEveryMs: 0 };

let house: House;
let town: Town;
let visitors: Visitors;
let workspaces: ActorsProcess;

const ada: Who = { id: "ada" };
const bob: Who = { id: "bob" };
const guest: Who = { id: "gus", role: "guest" };

beforeAll(async () => {
	house = await openHouse();
	[, workspaces] = await Promise.all([
		house.startActors("rooms", { limits: LIMITS }),
		house.startActors("workspaces", { entry: SCRIPTED, limits: LIMITS }),
	]);
	[town, visitors] = [new Town(house), new Visitors(house)];
	await town.register(ada, bob, { id: "eve" }, guest);
});
afterEach(async () => {
	await town.leave();
	await visitors.leave();
});
afterAll(async () => {
	await visitors?.client.dispose();
	await house?.stop();
});

/** Whether it was. Not to come back, which its client tries for as long as it is not disposed of. */
function untilClosed({ connection }: Watcher): () => boolean {
	let isClosed = false;
	connection.onClose(() => {
		isClosed = true;
		void connection.dispose();
	});
	return () => isClosed;
}

/** A room of Ada's with these people in it, and a workspace of it. */
async function workshop(name: string, visibility: "public" | "private", ...people: Who[]) {
	const roomId = await town.open(ada, name, visibility);
	const room = town.as("chatRoom", roomId, ada);
	for (const who of people) {
		await room.invite({ userId: who.id });
		await town.as("chatRoom", roomId, who).join();
	}
	const { workspaceId } = await town.as("directory", "main", ada).createWorkspace({ name, visibility: "room", roomId });
	return { room, roomId, workspaceId };
}
const listedFor = async (who: Who): Promise<string[]> =>
	(await visitors.inbox(who.id)).rows
		.filter((row) => row.kind === "inboxWorkspace" && row.leftAt === undefined)
		.map(({ id }) => id);

test("[WS14] whoever is joined in the room enters and prompts, its guests of the server watch", async () => {
	const { workspaceId } = await workshop("parsers", "private", bob, guest);
	const watcher = await visitors.watch(workspaceId, "bob");
	await watcher.connection.prompt({ text: "say from the room" });
	await vi.waitFor(() => expect(watcher.texts).toContain("from the room"), 5_000);
	expect(watcher.view.members).toContainEqual(expect.objectContaining({ id: "bob", role: "prompter", via: "room" }));
	const watching = visitors.handle(workspaceId, "gus", "guest");
	expect(await watching.getSessionInfo()).toMatchObject({ role: "viewer" });
	expect((await refused(watching.prompt({ text: "say no" }))).code).toBe("forbidden");
	expect(await visitors.handle(workspaceId, "ada").getSessionInfo()).toMatchObject({ role: "owner" });
});

test("[WS14] whoever may only look at the room, is invited to it or is a stranger hears that there is nothing", async () => {
	const { room, roomId, workspaceId } = await workshop("lexers", "public");
	expect(await town.as("chatRoom", roomId, bob).getHistory()).toMatchObject({ messages: expect.anything() });
	expect((await refused(visitors.handle(workspaceId, "bob").getSessionInfo())).code).toBe("not_found");
	await room.invite({ userId: "eve" });
	expect((await refused(visitors.handle(workspaceId, "eve").getSessionInfo())).code).toBe("not_found");
	await town.as("chatRoom", roomId, bob).join();
	expect(await visitors.handle(workspaceId, "bob").getSessionInfo()).toMatchObject({ role: "prompter" });
});

test("[WS14] kicked from the room: refused at the next connect, out with the next act, gone from the inbox; back with it", async () => {
	const { room, roomId, workspaceId } = await workshop("linkers", "private", bob);
	const watcher = await visitors.watch(workspaceId, "bob");
	watcher.connection.onError(() => undefined);
	await watcher.connection.prompt({ text: "say hi" });
	await vi.waitFor(async () => expect(await listedFor(bob)).toContain(workspaceId), 5_000);
	await room.kick({ userId: "bob" });
	expect((await refused(visitors.handle(workspaceId, "bob").getSessionInfo())).code).toBe("not_found");
	await vi.waitFor(() => expect(watcher.connection.connStatus).not.toBe("connected"), 1_000);
	await vi.waitFor(async () => expect(await listedFor(bob)).not.toContain(workspaceId), 5_000);
	await room.invite({ userId: "bob" });
	await town.as("chatRoom", roomId, bob).join();
	expect(await visitors.handle(workspaceId, "bob").getSessionInfo()).toMatchObject({ role: "prompter" });
});

test("[WS14] who only watches hears nothing any more a second after the room removed them or they left it", async () => {
	const { room, roomId, workspaceId } = await workshop("optimisers", "private", bob, guest);
	const other = await workshop("others", "private", bob);
	const [kicked, left, elsewhere] = [
		await visitors.watch(workspaceId, "bob"),
		await visitors.watch(workspaceId, "gus", "guest"),
		await visitors.watch(other.workspaceId, "bob"),
	];
	const areOut = [kicked, left].map(untilClosed);
	await Promise.all([room.kick({ userId: "bob" }), town.as("chatRoom", roomId, guest).leave()]);
	await vi.waitFor(() => expect(areOut.map((isOut) => isOut())).toEqual([true, true]), 1_000);
	expect(elsewhere.connection.connStatus).toBe("connected");
});

test("[WS14] a connection that stays is asked about again before an act, once the answer is old", async () => {
	const { room, workspaceId } = await workshop("loaders", "private", bob);
	const watcher = await visitors.watch(workspaceId, "bob");
	watcher.connection.onError(() => undefined);
	await room.kick({ userId: "bob" });
	const late = watcher.connection.prompt({ text: "say too late" }).then(
		() => "accepted",
		() => "refused",
	);
	expect(await late).toBe("refused");
	const { rows } = await visitors.handle(workspaceId, "ada").getTranscript();
	expect(JSON.stringify(rows)).not.toContain("too late");
});

test("[WS14] the workspace's own word goes over the room's", async () => {
	const { room, workspaceId } = await workshop("tracers", "private", bob);
	const owner = visitors.handle(workspaceId, "ada");
	await owner.invite({ userId: "eve" });
	expect(await visitors.handle(workspaceId, "eve").getSessionInfo()).toMatchObject({ role: "prompter" });
	await owner.kick({ userId: "bob" });
	expect((await refused(visitors.handle(workspaceId, "bob").getSessionInfo())).code).toBe("not_found");
	await owner.invite({ userId: "bob" });
	await room.kick({ userId: "bob" });
	expect(await visitors.handle(workspaceId, "bob").getSessionInfo()).toMatchObject({ role: "prompter" });
});

test("[WS14] a process that died lets nobody in on old words", async () => {
	const { room, workspaceId } = await workshop("profilers", "private", bob);
	await visitors.handle(workspaceId, "bob").prompt({ text: "say hi" });
	await workspaces.kill("SIGKILL");
	await room.kick({ userId: "bob" });
	workspaces = await house.startActors("workspaces", { entry: SCRIPTED, limits: LIMITS });
	expect((await refused(visitors.handle(workspaceId, "bob").getTranscript())).code).toBe("not_found");
}, 30_000);

test("[WS14] a room that cannot be asked is busy, and lets in nobody but who needs not ask", async () => {
	await visitors.make("w-lost", { visibility: "room", roomId: "r-nowhere" });
	expect(await refused(visitors.handle("w-lost", "bob").getSessionInfo())).toMatchObject({
		code: "busy",
		metadata: { waitMs: 1_000 },
	});
	expect(await visitors.handle("w-lost", "ada").getSessionInfo()).toMatchObject({ role: "owner" });
});

test("[WS14] [PEO2] a workspace that was moved to a room is closed to whoever of it has no account any more", async () => {
	const lee: Who = { id: "lee" };
	await town.register({ id: "boss", role: "owner" }, lee);
	const roomId = await town.open(ada, "movings", "private");
	await town.as("chatRoom", roomId, ada).invite({ userId: "lee" });
	await town.as("chatRoom", roomId, lee).join();
	const made = await town
		.as("directory", "main", ada)
		.createWorkspace({ name: "moved", visibility: "private", nonce: "m" });
	await visitors.handle(made.workspaceId, "ada").setVisibility({ visibility: "room", roomId });
	await vi.waitFor(async () => {
		const { rows } = await town.as("userInbox", "lee", lee).getInbox();
		expect(rows.map(({ id }) => id)).toContain(roomId);
	}, 5_000);
	const isClosed = untilClosed(await visitors.watch(made.workspaceId, "lee"));
	const again = town.as("directory", "main", ada).createWorkspace({ name: "moved", visibility: "private", nonce: "m" });
	expect(await again).toMatchObject({ workspaceId: made.workspaceId });
	const web = house.service("directory", "main", "web", "web");
	await town.client.directory.get(["main"], { params: web }).setActive({ userId: "lee", isActive: false, by: "boss" });
	await vi.waitFor(() => expect(isClosed()).toBe(true), 2_000);
});

test("[WS14] [PEO2] whose account is closed watches no workspace of a room any more", async () => {
	const kim: Who = { id: "kim" };
	await town.register({ id: "boss", role: "owner" }, kim);
	const { roomId, workspaceId } = await workshop("closings", "private", kim);
	await vi.waitFor(async () => {
		const { rows } = await town.as("userInbox", "kim", kim).getInbox();
		expect(rows.map(({ id }) => id)).toContain(roomId);
	}, 5_000);
	const isClosed = untilClosed(await visitors.watch(workspaceId, "kim"));
	const params = house.ticket("workspace", workspaceId, kim);
	const web = house.service("directory", "main", "web", "web");
	await town.client.directory.get(["main"], { params: web }).setActive({ userId: "kim", isActive: false, by: "boss" });
	await vi.waitFor(() => expect(isClosed()).toBe(true), 2_000);
	const late = visitors.client.workspace.get([workspaceId], { params }).getSessionInfo();
	expect((await refused(late)).code).toBe("unauthenticated");
});
