import { createHmac } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startBot } from "@bullpen/client/bot";
import type { BotScope } from "@bullpen/domain/bot";
import { freePorts } from "@bullpen/engine/port";
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

test("the build bot tells the end of each run once, and takes nothing that GitHub did not sign", async () => {
	const { id, token } = await makeBot("Builds", ["read", "write"]);
	const roomId = await town.open(ada, "builds", "private");
	await room(roomId).invite({ userId: id });
	const [port = 0] = await freePorts(1);
	const env = { GITHUB_WEBHOOK_SECRET: "its secret", PORT: String(port) };
	await program("build-bot.ts", token, { args: [roomId], env });
	const run = {
		...{ id: 5, run_attempt: 1, name: "CI", head_branch: "main", conclusion: "failure" },
		html_url: "https://github.com/acme/site/actions/runs/5",
	};
	const deliver = async (secret: string, over: object = {}) => {
		const body = JSON.stringify({
			action: "completed",
			workflow_run: run,
			repository: { full_name: "acme/site" },
			...over,
		});
		const signature = `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
		const headers = { "x-github-event": "workflow_run", "x-hub-signature-256": signature };
		return (await fetch(`http://127.0.0.1:${port}/`, { method: "POST", body, headers })).status;
	};
	expect(await deliver("another secret")).toBe(401);
	expect(await deliver("its secret", { padding: "x".repeat(4 * 1024 * 1024) })).toBe(413);
	expect(await deliver("its secret", { action: "requested" })).toBe(204);
	expect([await deliver("its secret"), await deliver("its secret")]).toEqual([200, 200]);
	expect(await textsIn(roomId)).toEqual([`❌ **CI** of acme/site on \`main\`: [failure](${run.html_url})`]);
});

test("the standup bot asks once a day, however often it is started, and says in the thread who answered", async () => {
	const { id, token } = await makeBot("Standup", ["read", "write"]);
	const roomId = await town.open(ada, "standup", "private");
	await room(roomId).invite({ userId: id });
	const now = new Date();
	const at = `${now.getHours()}:${now.getMinutes()}`;
	const env = { STANDUP_AT: at, STANDUP_SUMMARY_MINUTES: "60", STANDUP_WEEKENDS: "1" };
	const first = await program("standup-bot.ts", token, { args: [roomId], env });
	await expect.poll(() => textsIn(roomId)).toHaveLength(1);
	const [question] = (await room(roomId).getHistory()).messages;
	await room(roomId).sendMessage({ text: "Webhooks", threadOf: question!.id });
	const talk = Array.from({ length: 80 }, (_, nth) => `talk ${nth}`);
	await Promise.all(talk.map((text) => room(roomId).sendMessage({ text }))); // more than a page
	const inbox = town.as("userInbox", id, { id, role: "guest", scopes: ["read"] });
	await expect // it has read all of them
		.poll(async () => (await inbox.getInbox()).rows.find((row) => row.kind === "inboxRoom"), { timeout: 10_000 })
		.toMatchObject({ readSeq: talk.length + 2 });
	await first.stop();
	await program("standup-bot.ts", token, { args: [roomId], env: { ...env, STANDUP_SUMMARY_MINUTES: "0" } });
	const others = async (): Promise<string[]> =>
		(await room(roomId).getHistory({ limit: 100 })).messages
			.map(({ text }) => text)
			.filter((text) => !talk.includes(text));
	await expect.poll(others).toEqual([question!.text, "Webhooks", "Answered by <@ada>."]);
	expect((await room(roomId).getHistory({ threadOf: question!.id })).messages).toHaveLength(2);
});
