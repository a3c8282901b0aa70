import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text as textOf } from "node:stream/consumers";
import type { ActionInput } from "@bullpen/domain/wire";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { isSignedWith, signatureOf } from "../src/webhooks/signature.ts";
import { type ActorsProcess, type House, openHouse } from "./harness.ts";
import { NO_RATES } from "./limits.ts";
import { refused, Town, type Who } from "./room-client.ts";

let house: House;
let town: Town;
let actors: ActorsProcess;
let botId: string;

const boss: Who = { id: "boss", role: "owner" };
const ada: Who = { id: "ada" };
const bob: Who = { id: "bob" };
const LIMITS = {
	...NO_RATES,
	hookRetryMinMs: 100,
	hookRetryMaxMs: 400,
	hookRefusalsMax: 2,
	hookFailingMs: 3_000,
	hookBurst: 5,
};
const startRooms = async (): Promise<void> => {
	actors = await house.startActors("rooms", { limits: LIMITS, env: { BULLPEN_PRIVATE_WEBHOOKS: "1" } });
};

beforeAll(async () => {
	house = await openHouse();
	await startRooms();
	town = new Town(house);
	await town.register(boss, ada, bob);
	botId = (await town.as("directory", "main", boss).createBot({ name: "Hook", scopes: [] })).bot.userId;
}, 60_000);
afterEach(async () => {
	await town.leave();
	for (const { server } of programs.splice(0)) server.close().closeAllConnections();
});
afterAll(() => house?.stop());

const room = (roomId: string, who = ada) => town.as("chatRoom", roomId, who);
let count = 0;
async function openRoom(): Promise<string> {
	const roomId = await town.open(ada, `hooks ${++count}`);
	await room(roomId).invite({ userId: botId });
	await room(roomId, bob).join();
	return roomId;
}

interface Heard {
	readonly id: string;
	readonly type: string;
	readonly text: string;
	readonly isSigned: boolean;
}
const programs: { server: Server }[] = [];
/** A program outside that hears what rooms tell, and answers as it is told to. */
async function program(answer: (heard: Heard, count: number) => number = () => 204) {
	const heard: Heard[] = [];
	const keys = { secret: "" };
	const server = createServer(async (request, response) => {
		const body = await textOf(request);
		const { headers } = request;
		const signed = { messageId: String(headers["webhook-id"]), timestamp: Number(headers["webhook-timestamp"]), body };
		const { type, data } = JSON.parse(body);
		const isSigned = isSignedWith(keys.secret, signed, String(headers["webhook-signature"]));
		const one = { id: signed.messageId, type, text: data.message.text, isSigned };
		heard.push(one);
		const status = answer(one, heard.length);
		response.writeHead(status, status === 302 ? { location: "/elsewhere" } : {}).end("ignored");
	});
	programs.push({ server });
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	const { port } = server.address() as AddressInfo;
	return { heard, keys, url: `http://127.0.0.1:${port}/hook?a=1`, texts: () => heard.map(({ text }) => text) };
}
const ALL = ["message.added", "message.edited", "message.deleted", "reaction.changed"] as const;
async function tellTo(roomId: string, url: string, events: readonly (typeof ALL)[number][] = ALL) {
	const made = await room(roomId).createHook({ type: "outgoing", name: "out", url, events: [...events] });
	return { id: made.hook.id, secret: made.secret };
}
const hookIn = async (roomId: string, id: string) =>
	(await room(roomId).getHooks()).hooks.find(({ hook }) => hook.id === id);

describe("webhooks that come in", () => {
	const web = (roomId: string) =>
		town.client.chatRoom.get([roomId], { params: house.service("chatRoom", roomId, "web", "web") });
	const receive = (roomId: string, input: ActionInput<"chatRoom", "receiveHook">) => web(roomId).receiveHook(input);
	async function incoming() {
		const roomId = await openRoom();
		const { hook, secret } = await room(roomId).createHook({ type: "incoming", name: "CI", botId });
		return { roomId, id: hook.id, secret, proof: { type: "secret" as const, secret } };
	}

	test("[HOOK1] it speaks as its bot, once per key, by secret or by signature, and only to those who run the room told of", async () => {
		const { roomId, id, secret, proof } = await incoming();
		const said = { id, proof, text: "build 7 is green", idempotencyKey: "build 7" };
		const { messageId } = await receive(roomId, said);
		expect(await receive(roomId, said)).toEqual({ messageId });
		expect((await refused(receive(roomId, { ...said, text: "another" }))).code).toBe("nonce_reused");
		const body = '{"text":"signed"}';
		const signed = { messageId: "msg_1", timestamp: Math.floor(Date.now() / 1000), body };
		const byHand = { type: "signature" as const, ...signed, signature: `v1,no ${signatureOf(secret, signed)}` };
		const first = await receive(roomId, { id, proof: byHand, text: "signed" });
		expect(await receive(roomId, { id, proof: byHand, text: "signed" })).toEqual(first);
		const { messages } = await room(roomId).getHistory();
		expect(messages.map(({ sender, text }) => [sender, text])).toEqual([
			[botId, "build 7 is green"],
			[botId, "signed"],
		]);
		expect((await refused(room(roomId, bob).getHooks())).code).toBe("forbidden");
		expect(JSON.stringify(await room(roomId).getHooks())).not.toContain(secret);
		expect((await hookIn(roomId, id))?.hook).toMatchObject({ usedAt: expect.any(Number) });
	});

	test("[HOOK1] [HOOK2] without the proof, too late, too fast, stopped, removed, or with its bot closed nothing is said", async () => {
		const { roomId, id, secret, proof } = await incoming();
		const say = (over: object) => receive(roomId, { id, proof, text: "no", ...over });
		const codeOf = async (over: object) => (await refused(say(over))).code;
		const wrong = secret.replace(/.=$/, secret.endsWith("A=") ? "E=" : "A=");
		expect(await codeOf({ proof: { type: "secret", secret: wrong } })).toBe("unauthenticated");
		expect(await codeOf({ id: `h-${"0".repeat(30)}` })).toBe("unauthenticated");
		const old = { messageId: "msg_2", timestamp: Math.floor(Date.now() / 1000) - 400, body: "x" };
		expect(await codeOf({ proof: { type: "signature", ...old, signature: signatureOf(secret, old) } })).toBe(
			"unauthenticated",
		);
		const other = { ...old, timestamp: old.timestamp + 400 };
		const moved = { type: "signature", ...other, body: "y", signature: signatureOf(secret, other) };
		expect(await codeOf({ proof: moved })).toBe("unauthenticated");
		expect(await codeOf({ text: " " })).toBe("text_empty");
		const codes = await Promise.all(
			Array.from({ length: 10 }, () =>
				say({ text: "fast" }).then(
					() => "ok",
					({ code }) => code,
				),
			),
		);
		expect(new Set(codes)).toEqual(new Set(["ok", "rate_limited"]));
		await room(roomId).setHookActive({ id, isActive: false });
		expect(await codeOf({})).toBe("unauthenticated");
		await room(roomId).setHookActive({ id, isActive: true });
		const becomes = (code: string): Promise<void> =>
			vi.waitFor(async () => expect(await codeOf({})).toBe(code), { timeout: 10_000, interval: 1_100 });
		await town.as("directory", "main", boss).setBotActive({ userId: botId, isActive: false });
		await becomes("forbidden");
		await town.as("directory", "main", boss).setBotActive({ userId: botId, isActive: true });
		await room(roomId).kick({ userId: botId });
		await becomes("not_member");
		await room(roomId).removeHook({ id });
		expect(await codeOf({})).toBe("unauthenticated");
		const acts = (await room(roomId).getAudit()).entries.map(({ act }) => act.type);
		expect(acts.slice(0, 5)).toEqual(["hook-removed", "member-kicked", "hook-started", "hook-stopped", "hook-created"]);
		expect((await refused(room(roomId).createHook({ type: "incoming", name: "CI", botId }))).code).toBe("not_found");
	});
});

describe("webhooks that go out", () => {
	test("[HOOK3] what it asked for is told in order, signed, from when it was made", async () => {
		const roomId = await openRoom();
		await room(roomId).sendMessage({ text: "before" });
		const { heard, keys, url } = await program();
		keys.secret = (await tellTo(roomId, url)).secret;
		const quiet = await program();
		await tellTo(roomId, quiet.url, ["message.deleted"]);
		const { id } = await room(roomId).sendMessage({ text: "one" });
		await room(roomId).editMessage({ id, text: "two" });
		await room(roomId).toggleReaction({ id, emoji: "👍" });
		await room(roomId).deleteMessage({ id });
		await vi.waitFor(() => expect(heard).toHaveLength(4), 5_000);
		expect(heard.map(({ type, text, isSigned }) => [type, text, isSigned])).toEqual([
			["message.added", "one", true],
			["message.edited", "two", true],
			["reaction.changed", "two", true],
			["message.deleted", "", true],
		]);
		await vi.waitFor(() => expect(quiet.heard.map(({ type }) => type)).toEqual(["message.deleted"]), 5_000);
	});

	test("[HOOK4] after kill -9, with nobody connected, everything is told, in order, again rather than never", async () => {
		const roomId = await openRoom();
		let isDown = true;
		const { heard, url, texts } = await program(() => (isDown ? 503 : 200));
		const { id } = await tellTo(roomId, url, ["message.added"]);
		for (const text of ["one", "two", "three"]) await room(roomId).sendMessage({ text });
		await vi.waitFor(() => expect(heard.length).toBeGreaterThan(0), 5_000);
		await actors.kill("SIGKILL");
		isDown = false;
		heard.length = 0;
		await startRooms();
		await vi.waitFor(() => expect([...new Set(texts())]).toEqual(["one", "two", "three"]), 20_000);
		const ids = new Map(heard.map((one) => [one.text, one.id]));
		expect(heard.every((one) => ids.get(one.text) === one.id)).toBe(true);
		const { deliveries } = await room(roomId).getDeliveries({ id });
		expect(deliveries.filter(({ outcome }) => outcome === "delivered")).toHaveLength(3);
		expect(deliveries.at(-1)).toMatchObject({ outcome: "retried", status: 503, attempt: 1 });
		expect((await hookIn(roomId, id))?.progress).toEqual({ waiting: 0 });
	}, 40_000);

	test("[HOOK5] what is refused is given up after some tries, and what never gets through stops by itself", async () => {
		const roomId = await openRoom();
		const picky = await program(({ text }) => (text === "poison" ? 400 : 200));
		const { id } = await tellTo(roomId, picky.url, ["message.added"]);
		for (const text of ["poison", "fine"]) await room(roomId).sendMessage({ text });
		await vi.waitFor(() => expect(picky.texts()).toEqual(["poison", "poison", "fine"]), 5_000);
		const { deliveries } = await room(roomId).getDeliveries({ id });
		expect(deliveries.map(({ outcome }) => outcome)).toEqual(["delivered", "given-up", "retried"]);

		const redirecting = await program((_, tries) => (tries > 0 ? 302 : 200));
		const dead = await tellTo(roomId, redirecting.url, ["message.added"]);
		const gone = await tellTo(roomId, (await program(() => 410)).url, ["message.added"]);
		await room(roomId).sendMessage({ text: "nobody takes it" });
		await vi.waitFor(async () => {
			for (const hook of [dead, gone]) {
				expect((await hookIn(roomId, hook.id))?.hook).toMatchObject({ stopped: { reason: "failed-too-long" } });
			}
		}, 10_000);
		expect(redirecting.heard.every(({ id: eventId }) => eventId === redirecting.heard[0]?.id)).toBe(true);
		await room(roomId).setHookActive({ id: dead.id, isActive: true });
		expect((await hookIn(roomId, dead.id))?.progress).toEqual({ waiting: 0 });
	}, 30_000);
});
