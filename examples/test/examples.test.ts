import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startBot } from "@bullpen/client/bot";
import type { BotScope } from "@bullpen/domain/bot";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { type House, openHouse } from "../../packages/actors/test/harness.ts";
import { NO_RATES } from "../../packages/actors/test/limits.ts";
import { Town, type Who } from "../../packages/actors/test/room-client.ts";
import { startProgram } from "./program.ts";
import { startTickets } from "./server.ts";

let house: House;
let town: Town;
let url: string;
let stopTickets: () => Promise<void>;
const folder = mkdtempSync(join(tmpdir(), "bullpen-examples-"));
const stops: (() => unknown)[] = [];

const boss: Who = { id: "boss", role: "owner" };
const ada: Who = { id: "ada" };

beforeAll(async () => {
	house = await openHouse();
	await house.startActors("rooms", { limits: NO_RATES });
	town = new Town(house);
	await town.register(boss, ada);
	const tickets = await startTickets(house, town);
	stopTickets = tickets.stop;
	({ url } = await house.startEdge({ webUrl: tickets.url }));
}, 60_000);
afterEach(async () => {
	for (const stop of stops.splice(0)) await stop();
});
afterAll(async () => {
	await town?.leave();
	await stopTickets?.();
	await house?.stop();
	rmSync(folder, { recursive: true, force: true });
}, 30_000);

const makeBot = async (name: string, scopes: BotScope[] = ["read", "write", "react"]) => {
	const { bot, token } = await town.as("directory", "main", boss).createBot({ name, scopes });
	return { id: bot.userId, token };
};
const room = (roomId: string) => town.as("chatRoom", roomId, ada);
const textsIn = async (roomId: string): Promise<string[]> =>
	(await room(roomId).getHistory()).messages.map(({ text }) => text);
const program = async (file: string, token: string, more: { args?: string[]; env?: Record<string, string> } = {}) => {
	const env = { BULLPEN_URL: url, BULLPEN_BOT_TOKEN: token, ...more.env };
	const started = startProgram(file, more.args ?? [], env);
	stops.push(() => started.stop());
	await started.printed(/ as /);
	return started;
};

test("the answer bot answers who mentions it or writes to it, also what it missed, and each question once", async () => {
	const { id, token } = await makeBot("Answers");
	const file = join(folder, "answers.txt");
	writeFileSync(file, "vpn, remote = Ask for a key in #it.\nlunch = At noon.\n");
	const roomId = await town.open(ada, "questions", "private");
	await room(roomId).invite({ userId: id });
	await room(roomId).sendMessage({ text: "how do I get a vpn?" });
	await room(roomId).sendMessage({ text: `<@${id}> how does remote work work?` });
	const first = await program("answer-bot.ts", token, { args: [file] });
	await expect.poll(() => textsIn(roomId)).toEqual(expect.arrayContaining(["Ask for a key in #it."]));
	await room(roomId).sendMessage({ text: `<@${id}>` });
	await expect
		.poll(async () => (await room(roomId).getHistory()).messages.at(-1)?.reactions)
		.toEqual([{ emoji: "👋", userIds: [id] }]);
	await first.stop("SIGKILL");
	const direct = (await town.as("directory", "main", ada).openDirect({ userIds: [id] })).roomId;
	await room(direct).sendMessage({ text: "When is lunch?" });
	await room(direct).sendMessage({ text: "And dinner?" });
	await program("answer-bot.ts", token, { args: [file] });
	await expect.poll(() => textsIn(direct)).toHaveLength(4);
	expect(await textsIn(direct)).toEqual([
		"When is lunch?",
		"And dinner?",
		"At noon.",
		"I have no answer to “And dinner?”. I know about: vpn, lunch.",
	]);
	expect((await textsIn(roomId)).filter((text) => text.startsWith("Ask"))).toHaveLength(1);
}, 60_000);

test("a bot that throws goes on with the next message, and bots never talk in a ring", async () => {
	const [one, two] = await Promise.all([makeBot("Parrot One"), makeBot("Parrot Two")]);
	const roomId = await town.open(ada, "parrots", "private");
	for (const { id } of [one, two]) await room(roomId).invite({ userId: id });
	const errors: unknown[] = [];
	for (const { token } of [one, two]) {
		const bot = await startBot({
			url,
			token,
			onError: (error) => errors.push(error),
			onMessage: async ({ text, reply }) => {
				if (text === "poison") throw new Error("not this");
				await reply(`you said ${text}`);
			},
		});
		stops.push(() => bot.close());
	}
	for (const text of ["poison", "hello"]) await room(roomId).sendMessage({ text });
	await expect.poll(() => textsIn(roomId)).toHaveLength(4);
	expect(errors.map(String)).toEqual(["Error: not this", "Error: not this"]);
	await room(roomId).sendMessage({ text: "again" });
	await expect.poll(() => textsIn(roomId)).toHaveLength(7);
});

test("a bot whose token is withdrawn learns why and ends", async () => {
	const { id, token } = await makeBot("Short-lived");
	const started = await program("answer-bot.ts", token);
	await town.as("directory", "main", boss).revokeBotToken({ userId: id });
	expect(await started.exited).toBe(1);
	expect(started.lines.join("\n")).toMatch(/withdrawn|closing/);
	await vi.waitFor(async () => {
		await expect(startBot({ url, token })).rejects.toMatchObject({ code: "unauthenticated" });
	});
});
