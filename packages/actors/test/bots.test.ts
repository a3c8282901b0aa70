import { createHash } from "node:crypto";
import type { BotScope } from "@bullpen/domain/bot";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { type House, openHouse } from "./harness.ts";
import { NO_RATES } from "./limits.ts";
import { refused, Town, type Who } from "./room-client.ts";

let house: House;
let town: Town;

const boss: Who = { id: "boss", role: "owner" };
const ada: Who = { id: "ada" };
const ALL: BotScope[] = ["read", "write", "react", "commands"];

beforeAll(async () => {
	house = await openHouse();
	await house.startActors("rooms", { limits: NO_RATES });
	town = new Town(house);
	await town.register(boss, ada);
});
afterEach(() => town.leave());
afterAll(() => house?.stop());

const directory = (who: Who) => town.as("directory", "main", who);
const redeem = (token: string) =>
	town.client.directory
		.get(["main"], { params: house.service("directory", "main", "web", "web") })
		.redeemBot({ tokenHash: createHash("sha256").update(token).digest("hex") });
/** What the web's ticket for this token would say. */
const asBot = async (token: string): Promise<Who> => {
	const { userId: id, scopes } = await redeem(token);
	return { id, role: "guest", scopes };
};
let count = 0;
const makeBot = async (scopes: BotScope[] = ALL) => {
	const { bot, token } = await directory(boss).createBot({ name: `Robot ${++count}`, scopes });
	return { id: bot.userId, token, who: await asBot(token) };
};
const roomWith = async (...botIds: string[]): Promise<string> => {
	const roomId = await town.open(ada, `bots ${++count}`, "private");
	for (const userId of botIds) await town.as("chatRoom", roomId, ada).invite({ userId });
	return roomId;
};

describe("bots", () => {
	test("[BOT1] an owner of the server makes one, sees its token once, and everybody sees that it is a bot", async () => {
		const input = { name: "Deployer", scopes: ALL };
		expect((await refused(directory(ada).createBot(input))).code).toBe("forbidden");
		const { bot, token } = await directory(boss).createBot(input);
		expect(token).toMatch(/^bpb_[a-z2-7]{32}$/);
		expect((await refused(directory(boss).createBot({ ...input, name: "deployer" }))).code).toBe("name_taken");
		expect((await refused(directory(boss).createBot({ ...input, name: "ADA" }))).code).toBe("name_taken");
		const { rows } = await directory(ada).list();
		expect(rows).toContainEqual(
			expect.objectContaining({ kind: "person", id: bot.userId, name: "Deployer", role: "guest", bot: true }),
		);
		expect((await refused(directory(ada).getBots())).code).toBe("forbidden");
		const { bots } = await directory(boss).getBots();
		expect(bots.find(({ userId }) => userId === bot.userId)).toMatchObject({ scopes: ALL, usedAt: null });
		expect(JSON.stringify([bots, rows])).not.toContain(token);
		await redeem(token);
		const used = (await directory(boss).getBots()).bots.find(({ userId }) => userId === bot.userId);
		expect(used?.usedAt).toBeGreaterThan(0);
		expect((await directory(boss).getAudit()).entries[0]?.act).toMatchObject({ type: "bot-created", by: "boss" });
	});

	test("[BOT2] a bot is in a room as soon as it is invited, and enters none by itself", async () => {
		const { id, who } = await makeBot();
		const open = await town.open(ada, `open ${++count}`);
		expect((await refused(town.as("chatRoom", open, who).join())).code).toBe("not_found");
		const roomId = await roomWith(id);
		const seat = await town.sit(roomId, who, { joins: false });
		expect((await seat.connection.getRoom()).me).toMatchObject({ status: "joined", role: "guest" });
		const said = await town.as("chatRoom", roomId, ada).sendMessage({ text: "hello, robot" });
		await vi.waitFor(() => expect(seat.messages).toEqual([said]));
		await seat.send("hello, ada");
		await vi.waitFor(async () => {
			const rows = (await town.as("userInbox", id, who).getInbox()).rows;
			expect(rows).toContainEqual(expect.objectContaining({ kind: "inboxRoom", id: roomId }));
		});
		const nobody = { userId: `b-${"0".repeat(30)}` };
		expect((await refused(town.as("chatRoom", roomId, ada).invite(nobody))).code).toBe("not_found");
		for (const role of ["owner", "admin"] as const) {
			const given = town.as("chatRoom", roomId, ada).setRole({ userId: id, role });
			if (role === "owner") expect((await refused(given)).code).toBe("forbidden");
			else await given;
		}
		expect((await refused(town.as("chatRoom", roomId, ada).transferOwnership({ userId: id }))).code).toBe("forbidden");
	});

	test.each<[BotScope[], string[], string[]]>([
		[["read"], ["getRoom", "getHistory"], ["sendMessage", "toggleReaction", "invite", "setPinned"]],
		[["write"], ["sendMessage"], ["getRoom", "getHistory", "search", "toggleReaction", "kick"]],
		[["react"], ["toggleReaction"], ["getHistory", "sendMessage", "editMessage"]],
		[[], [], ["getRoom", "getHistory", "changesSince", "sendMessage", "toggleReaction", "getAudit"]],
	])("[BOT3] with the scopes %j it does %j and is refused the rest", async (scopes, may, mayNot) => {
		const { id, who } = await makeBot(scopes);
		const roomId = await roomWith(id);
		const { id: seq } = await town.as("chatRoom", roomId, ada).sendMessage({ text: "one" });
		const inputs: Record<string, unknown[]> = {
			sendMessage: [{ text: "from a bot" }],
			toggleReaction: [{ id: seq, emoji: "👍" }],
		};
		const call = (name: string) => town.as("chatRoom", roomId, who).action({ name, args: inputs[name] ?? [] });
		for (const name of may) await call(name);
		for (const name of mayNot) expect([name, (await refused(call(name))).code]).toEqual([name, "forbidden"]);
	});

	test("[BOT4] without the scope to read it is told nothing, whatever it subscribes to", async () => {
		const { id, who } = await makeBot(["write"]);
		const reader = await makeBot(["read"]);
		const roomId = await roomWith(id, reader.id);
		const deaf = town.connect("chatRoom", roomId, who);
		const heard: unknown[] = [];
		for (const event of ["newMessage", "roomChanged", "typing", "presence"] as const) {
			deaf.on(event, (payload) => heard.push(payload));
		}
		await deaf.sendMessage({ text: "only words of mine" });
		const hearing = await town.sit(roomId, reader.who, { joins: false });
		const said = await town.as("chatRoom", roomId, ada).sendMessage({ text: "not for everybody" });
		await vi.waitFor(() => expect(hearing.messages).toContainEqual(said));
		await deaf.sendMessage({ text: "and again" });
		expect(heard).toEqual([]);
		for (const [actor, key] of [
			["directory", "main"],
			["userInbox", id],
		] as const) {
			const list = actor === "directory" ? "list" : "getInbox";
			const asked = town.as(actor, key, who).action({ name: list, args: [] });
			expect((await refused(asked)).code).toBe("forbidden");
		}
	});

	test("[BOT5] a withdrawn token, a renewed one and a closed bot lose everything within a second", async () => {
		const { id, token, who } = await makeBot();
		const roomId = await roomWith(id);
		// Its inbox knows where it is a moment after it came; what it does not know yet is closed with the second round.
		await vi.waitFor(async () => {
			const { rows } = await town.as("userInbox", id, who).getInbox();
			expect(rows.map((row) => row.id)).toContain(roomId);
		}, 5_000);
		const closes = async (act: () => Promise<unknown>): Promise<void> => {
			const seat = await town.sit(roomId, await vi.waitFor(() => asBot(current), 5_000), { joins: false });
			seat.connection.onClose(() => void seat.connection.dispose());
			const at = performance.now();
			await act();
			await vi.waitFor(() => expect(seat.isClosed).toBe(true), { interval: 10 });
			expect(performance.now() - at).toBeLessThan(1_000);
		};
		let current = token;
		const old = house.ticket("chatRoom", roomId, who);
		await closes(async () => {
			const renewed = await directory(boss).renewBotToken({ userId: id });
			current = renewed.token;
		});
		expect((await refused(redeem(token))).code).toBe("unauthenticated");
		expect((await refused(town.client.chatRoom.get([roomId], { params: old }).getHistory())).code).toBe(
			"unauthenticated",
		);
		await closes(() => directory(boss).setBotActive({ userId: id, isActive: false }));
		expect((await refused(redeem(current))).code).toBe("unauthenticated");
		await directory(boss).setBotActive({ userId: id, isActive: true });
		await closes(() => directory(boss).updateBot({ userId: id, scopes: ["read"] }));
		await closes(() => directory(boss).revokeBotToken({ userId: id }));
		expect((await refused(redeem(current))).code).toBe("unauthenticated");
		const acts = (await directory(boss).getAudit()).entries.map(({ act }) => act.type);
		expect(acts.slice(0, 5)).toEqual([
			"bot-token-revoked",
			"bot-scopes-changed",
			"person-reactivated",
			"person-deactivated",
			"bot-token-made",
		]);
	}, 30_000);

	test("[CMD2] [CMD3] a call reaches the bot that has such a command, on its connections alone, or its author hears why not", async () => {
		const [able, other, mute] = [await makeBot(), await makeBot(), await makeBot(["read"])];
		const roomId = await roomWith(able.id, other.id, mute.id);
		const commands = [{ name: "deploy", description: "Ships it", hint: "target" }];
		expect((await refused(directory(mute.who).setCommands({ commands }))).code).toBe("forbidden");
		expect((await refused(directory({ id: "guest", role: "guest" }).setCommands({ commands }))).code).toBe("forbidden");
		await directory(able.who).setCommands({ commands });
		const { rows } = await directory(ada).list();
		expect(rows).toContainEqual(expect.objectContaining({ id: able.id, commands }));

		const call = (over: object = {}, who = ada) =>
			town.as("chatRoom", roomId, who).runCommand({ botId: able.id, name: "deploy", args: "site", ...over });
		expect(await refused(call())).toMatchObject({ code: "busy", metadata: { state: "away" } });
		const heard: Record<string, unknown[]> = {};
		for (const { id, who } of [able, other, { id: "ada", who: ada }]) {
			const seat = await town.sit(roomId, who, { joins: false });
			heard[id] = [];
			seat.connection.on("commandCalled", (called) => heard[id]?.push(called));
			await seat.connection.getRoom();
		}
		await call();
		await vi.waitFor(() =>
			expect(heard[able.id]).toEqual([
				{ id: expect.any(String), name: "deploy", args: "site", userId: "ada", at: expect.any(Number) },
			]),
		);
		expect((await refused(call({ name: "destroy" }))).code).toBe("not_found");
		expect((await refused(call({ botId: other.id }))).code).toBe("not_found");
		expect((await refused(call({}, other.who))).code).toBe("forbidden");
		await town.as("chatRoom", roomId, ada).kick({ userId: able.id });
		expect((await refused(call())).code).toBe("not_found");
		expect([heard[other.id], heard.ada]).toEqual([[], []]);
		expect((await town.as("chatRoom", roomId, ada).getHistory()).messages).toEqual([]);
	});
});
