import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Message } from "@bullpen/domain/message";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { type House, openHouse } from "./harness.ts";
import { NO_RATES } from "./limits.ts";
import { refused, Town } from "./room-client.ts";

let house: House;
let town: Town;

const ada = { id: "ada" };
const bob = { id: "bob" };
const WAIT = { timeout: 15_000, interval: 100 };

beforeAll(async () => {
	house = await openHouse();
	await house.startActors("rooms", { limits: { ...NO_RATES, importKeptMs: 3_000, searchNoteGapMs: 50 } });
	town = new Town(house);
	await town.register(ada, bob);
});
afterEach(() => town.leave());
afterAll(() => house?.stop());

const web = <A extends "chatRoom" | "directory">(actor: A, key: string) =>
	town.client[actor].get([key], { params: house.service(actor, key, "web", "web") });
const directory = () => web("directory", "main");

/** A room in which everything happened that can happen to messages. */
async function livelyRoom(name: string): Promise<string> {
	const roomId = await town.open(ada, name, "private");
	await town.as("chatRoom", roomId, ada).invite({ userId: "bob" });
	await town.as("chatRoom", roomId, bob).join();
	const [adas, bobs] = [town.as("chatRoom", roomId, ada), town.as("chatRoom", roomId, bob)];
	const first = await adas.sendMessage({ text: "Guten Morgen, <@bob>", nonce: "nonce-1" });
	await bobs.sendMessage({ text: "明日の会議", replyTo: first.id });
	await bobs.sendMessage({ text: "in a thread", threadOf: first.id, alsoInRoom: true });
	await bobs.sendMessage({ text: "to be deleted" });
	await adas.editMessage({ id: 1, text: "Good morning, <@bob>" });
	await bobs.deleteMessage({ id: 4 });
	await bobs.toggleReaction({ id: 2, emoji: "👍" });
	await adas.setPinned({ id: 2, pinned: true });
	return roomId;
}

async function exported(roomId: string, userId = "ada") {
	const who = { userId, role: "member" } as const;
	const { head, floorSeq } = await web("chatRoom", roomId).beginExport(who);
	const messages = new Map<number, Message>();
	let last = await web("chatRoom", roomId).exportRows({ ...who, after: 0, epoch: head.epoch, limit: 2 });
	for (; ; last = await web("chatRoom", roomId).exportRows({ ...who, after: last.to, epoch: head.epoch, limit: 2 })) {
		for (const message of last.messages) messages.set(message.id, message);
		if (last.caughtUp) break;
	}
	const lines = [...messages.values()].sort((one, other) => one.id - other.id);
	return { head: last.head, floorSeq, hash: last.hash, lines };
}

const linesOf = (messages: readonly Message[]) => ({ lines: messages.map((one) => JSON.stringify(one)).join("\n") });
const finish = (roomId: string, name: string, { head, hash }: { head: { seq: number }; hash: string }) =>
	directory().finishImport({
		roomId,
		userId: "ada",
		name,
		topic: "",
		visibility: "private",
		headSeq: head.seq,
		hash,
	});

describe("a room and its archive", () => {
	test("[EXP1] an imported room has the same messages and the same hash, and goes on from there", async () => {
		const source = await livelyRoom("lively");
		const archive = await exported(source);
		const original = await town.as("chatRoom", source, ada).getHash();
		expect(archive.hash).toBe(original.hash);
		const extent = { floorSeq: archive.floorSeq, headSeq: archive.head.seq, version: archive.head.version };
		const { roomId } = await directory().beginImport({ userId: "ada", name: "lively again", ...extent });
		const [begin, rest] = [archive.lines.slice(0, 2), archive.lines.slice(2)];
		await web("chatRoom", roomId).importRows(linesOf(begin));
		expect((await refused(town.as("chatRoom", roomId, ada).getHistory())).code).toBe("not_found");
		await web("chatRoom", roomId).importRows(linesOf(begin)); // its answer got lost
		expect(await web("chatRoom", roomId).importRows(linesOf(rest))).toEqual({ seq: 4, hash: archive.hash });
		expect(await finish(roomId, "lively again", archive)).toEqual({ roomId, name: "lively again", created: true });
		expect(await finish(roomId, "lively again", archive)).toMatchObject({ created: false });
		const room = town.as("chatRoom", roomId, ada);
		expect((await room.getHash()).hash).toBe(original.hash);
		expect((await room.getHistory()).messages).toEqual(archive.lines);
		expect((await room.getRoom()).pinnedIds).toEqual([2]);
		const next = await room.sendMessage({ text: "after it", threadOf: 1 });
		expect(next.id).toBe(5);
		expect(next.timestamp).toBeGreaterThanOrEqual(archive.lines.at(-1)?.timestamp ?? 0);
		await vi.waitFor(async () => {
			const { hits } = await town.as("search", "main", ada).search({ query: `会議 in:${roomId}` });
			expect(hits).toMatchObject([{ roomId, id: 2 }]);
		}, WAIT);
	});

	test("[EXP2] it is exported by those who run it alone, and that is written down", async () => {
		const roomId = await livelyRoom("guarded");
		expect((await refused(exported(roomId, "bob"))).code).toBe("forbidden");
		expect((await refused(exported(roomId, "cyn"))).code).toBe("not_found");
		await exported(roomId);
		const { entries } = await town.as("chatRoom", roomId, ada).getAudit();
		expect(entries[0]?.act).toEqual({ type: "room-exported", by: "ada" });
		const asPerson = town.client.chatRoom.get([roomId], { params: house.ticket("chatRoom", roomId, ada) });
		expect((await refused(asPerson.beginExport({ userId: "ada", role: "member" }))).code).toBe("forbidden");
		expect((await refused(asPerson.importRows({ lines: "{}" }))).code).toBe("forbidden");
		await town.as("chatRoom", roomId, ada).setRole({ userId: "bob", role: "admin" });
		const asWeb = web("chatRoom", roomId);
		const asBob = { userId: "bob", role: "member" } as const;
		const { head } = await asWeb.beginExport(asBob);
		await town.as("chatRoom", roomId, ada).kick({ userId: "bob" });
		expect((await refused(asWeb.exportRows({ ...asBob, after: 0, epoch: head.epoch }))).code).toBe("not_found");
		expect((await refused(asWeb.checkExport(asBob))).code).toBe("not_found");
	});

	test("[EXP3] messages that come in another order, to a room that is there, or to another sum make no room", async () => {
		const archive = await exported(await livelyRoom("broken"));
		const extent = { floorSeq: 1, headSeq: 4, version: archive.head.version };
		const { roomId } = await directory().beginImport({ userId: "ada", name: "broken again", ...extent });
		const room = web("chatRoom", roomId);
		expect((await refused(room.importRows(linesOf(archive.lines.slice(1))))).code).toBe("bad_input");
		await room.importRows(linesOf(archive.lines.slice(0, 3)));
		expect((await refused(finish(roomId, "broken again", archive))).code).toBe("bad_input");
		await room.importRows(linesOf(archive.lines.slice(3)));
		const wrong = { head: archive.head, hash: "0123456789abcdef" };
		expect((await refused(finish(roomId, "broken again", wrong))).code).toBe("bad_input");
		expect((await refused(finish(roomId, "broken", archive))).code).toBe("name_taken");
		const taken = directory().beginImport({ userId: "ada", name: "Broken", ...extent });
		expect((await refused(taken)).code).toBe("name_taken");
		expect((await finish(roomId, "whole again", archive)).created).toBe(true);
		expect((await refused(room.importRows(linesOf(archive.lines)))).code).toBe("not_found");
	});

	test("[EXP4] what nobody finishes ends by itself, with its files", async () => {
		const archive = await exported(await livelyRoom("left"));
		const id = "f-0123456789abcdef0123456789abcd";
		const file = { id, name: "a.txt", mimeType: "text/plain", bytes: 1 };
		const lines = archive.lines.map((line) => (line.id === 2 ? { ...line, attachments: [file] } : line));
		const extent = { floorSeq: 1, headSeq: 4, version: archive.head.version };
		const { roomId } = await directory().beginImport({ userId: "ada", name: "left again", ...extent });
		await web("chatRoom", roomId).importRows(linesOf(lines));
		const path = join(house.dataFolder, "files", roomId, id);
		mkdirSync(join(path, ".."), { recursive: true });
		writeFileSync(path, "x");
		await vi.waitFor(() => expect(existsSync(path)).toBe(false), WAIT);
		await vi.waitFor(async () => {
			const gone = await finish(roomId, "left again", archive).catch((error: unknown) => error);
			expect(gone).toMatchObject({ code: "not_found" });
		}, WAIT);
	});

	test("[EXP5] people whom nobody knows become profiles without an account, once", async () => {
		const people = [
			{ id: "ada", name: "Somebody else" },
			{ id: "u-gone", name: "Dora" },
			{ id: "u-odd", name: "\u202eevil" },
		];
		expect(await directory().importPeople({ people })).toEqual({ made: 2 });
		expect(await directory().importPeople({ people })).toEqual({ made: 0 });
		const { rows } = await town.as("directory", "main", ada).list();
		const known = rows.flatMap((row) =>
			row.kind === "person" ? [[row.id, row.name, row.deactivatedAt !== undefined]] : [],
		);
		expect(known).toEqual(
			expect.arrayContaining([
				["ada", "ada", false],
				["u-gone", "Dora", true],
				["u-odd", "u-odd", true],
			]),
		);
	});
});
