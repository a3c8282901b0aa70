import { createPrivateKey } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { audienceOf } from "@bullpen/domain/identity";
import type { Message } from "@bullpen/domain/message";
import type { MessageAttachment } from "@bullpen/domain/message-attachment";
import { fileName, thumbnailName } from "@bullpen/files/blob-store";
import { FolderStore } from "@bullpen/files/folder-store";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { writeJwt } from "../src/identity.ts";
import { type ActorsProcess, type House, openHouse } from "./harness.ts";
import { NO_RATES } from "./limits.ts";
import { refused, Town, type Who } from "./room-client.ts";

let house: House;
let town: Town;
let rooms: ActorsProcess;

const ada = { id: "ada" };
const bob = { id: "bob" };
const cyn = { id: "cyn" };
const WAIT = { timeout: 10_000, interval: 50 };
const LIMITS = { ...NO_RATES, tellRetryMs: 500, retentionEveryMs: 300, searchNoteGapMs: 50, inboxNoteHereMs: 20 };

beforeAll(async () => {
	house = await openHouse();
	rooms = await house.startActors("rooms", { limits: LIMITS });
	town = new Town(house);
	await town.register(ada, bob, cyn);
});
afterEach(() => town.leave());
afterAll(() => house?.stop());

let made = 0;
interface Upload {
	readonly attachment: MessageAttachment;
	readonly token: string;
}

/** What the web does with an upload: keeps it, and says so. */
async function upload(roomId: string, who: Who, claims: object = {}): Promise<Upload> {
	const id = `f-${String(++made).padStart(30, "0")}`;
	const attachment = { id, name: `plan ${made}.png`, mimeType: "image/png", bytes: 5, width: 10, height: 20 };
	const store = new FolderStore(join(house.dataFolder, "files"));
	await store.put(fileName(roomId, id), Readable.from([Buffer.from("bytes")]));
	await store.put(thumbnailName(roomId, id), Readable.from([Buffer.from("small")]));
	const key = createPrivateKey(readFileSync(join(house.dataFolder, "keys", "web.private.pem")));
	const iat = Math.floor(Date.now() / 1000);
	const aud = audienceOf("chatRoom", roomId);
	const said = { typ: "attachment", iss: "web", sub: who.id, aud, iat, exp: iat + 60, attachment, ...claims };
	return { attachment, token: writeJwt(said, key) };
}
const isKept = (roomId: string, { id }: MessageAttachment): boolean =>
	existsSync(join(house.dataFolder, "files", fileName(roomId, id)));
const isGone = (roomId: string, attachment: MessageAttachment): Promise<void> =>
	vi.waitFor(() => {
		expect(isKept(roomId, attachment)).toBe(false);
		expect(existsSync(join(house.dataFolder, "files", thumbnailName(roomId, attachment.id)))).toBe(false);
	}, WAIT);
const asWeb = (roomId: string) =>
	town.client.chatRoom.get([roomId], { params: house.service("chatRoom", roomId, "web", "web") });
const look = (roomId: string, who: Who, { id: attachmentId }: MessageAttachment, ticketAgeMs = 0) =>
	asWeb(roomId).getAttachment({ userId: who.id, role: who.role ?? "member", ticketAgeMs, attachmentId });

async function roomOfTwo(name: string) {
	const roomId = await town.open(ada, name, "private");
	await town.as("chatRoom", roomId, ada).invite({ userId: "bob" });
	await town.as("chatRoom", roomId, bob).join();
	const { connection } = await town.sit(roomId, ada);
	return { roomId, connection, other: await town.sit(roomId, bob) };
}

describe("files of messages", () => {
	test("[MAT1] [MAT6] a message has its files in every form it is told in, needs no words, and is found by their names", async () => {
		const { roomId, connection, other } = await roomOfTwo("shown");
		const files = [await upload(roomId, ada), await upload(roomId, ada)];
		const tokens = files.map(({ token }) => token);
		const message = await connection.sendMessage({ text: " ", attachments: tokens, nonce: "n-1" });
		expect(message).toMatchObject({ text: "", attachments: files.map(({ attachment }) => attachment) });
		expect(await connection.sendMessage({ text: "", attachments: tokens, nonce: "n-1" })).toEqual(message);
		await vi.waitFor(() => expect(other.messages).toEqual([message]), WAIT);
		const { messages } = await other.connection.getHistory({});
		expect(messages).toEqual([message]);
		expect((await other.connection.changesSince({ version: 0 })).rows).toContainEqual(message);
		const name = files[0]?.attachment.name ?? "";
		const found = async (query: string) =>
			(await town.as("search", "main", bob).search({ query })).hits.filter((hit) => hit.roomId === roomId);
		await vi.waitFor(async () => expect(await found("has:file")).toMatchObject([{ id: message.id }]), WAIT);
		expect(await found(`"${name}"`)).toMatchObject([
			{ id: message.id, files: 2, snippet: expect.stringContaining(name) },
		]);
		const edited = await connection.editMessage({ id: message.id, text: "words" });
		expect(edited.attachments).toEqual(message.attachments);
		expect(await connection.editMessage({ id: message.id, text: "" })).toMatchObject({ text: "" });
		const plain = await connection.sendMessage({ text: "plain" });
		expect((await refused(connection.editMessage({ id: plain.id, text: "" }))).code).toBe("text_empty");
	});

	test("[MAT6] whoever is told of a message without words is told what it brings", async () => {
		const { roomId } = await town.as("directory", "main", ada).openDirect({ userIds: ["bob"] });
		const inbox = town.connect("userInbox", "bob", bob);
		const told: object[] = [];
		inbox.on("notified", (notice) => told.push(notice));
		await inbox.getInbox();
		const { attachment, token } = await upload(roomId, ada);
		await town.as("chatRoom", roomId, ada).sendMessage({ text: "", attachments: [token] });
		await vi.waitFor(() => expect(told).toMatchObject([{ roomId, text: `📎 ${attachment.name}` }]), WAIT);
	});

	test("[MAT2] nothing but the web's own word for this person and room is a file", async () => {
		const { roomId, connection, other } = await roomOfTwo("strict");
		const elsewhere = await town.open(ada, "elsewhere", "private");
		const now = Math.floor(Date.now() / 1000);
		const refusals: Record<string, string> = {
			"another person's": (await upload(roomId, bob)).token,
			"another room's": (await upload(elsewhere, ada)).token,
			"one that is over": (await upload(roomId, ada, { iat: now - 100, exp: now - 50 })).token,
			"a ticket": house.ticket("chatRoom", roomId, ada).ticket,
			"a service's word": house.service("chatRoom", roomId, "web", "web").service,
			"one that was changed": (await upload(roomId, ada)).token.replace(/.{4}$/, "AAAA"),
			"a path": "../../etc/passwd",
		};
		for (const [what, token] of Object.entries(refusals)) {
			expect([what, (await refused(connection.sendMessage({ text: "x", attachments: [token] }))).code]).toEqual([
				what,
				"bad_input",
			]);
		}
		const { token } = await upload(roomId, ada);
		const twice = connection.sendMessage({ text: "", attachments: [token, token] });
		expect((await refused(twice)).code).toBe("bad_input");
		expect((await refused(connection.sendMessage({ text: "" }))).code).toBe("text_empty");
		expect((await refused(connection.sendMessage({ text: "", attachments: [] }))).code).toBe("text_empty");
		expect((await other.connection.getHistory({})).messages).toEqual([]);
	});

	test("[MAT3] of two messages that want one file at the same moment one has it; a send that comes again keeps it", async () => {
		const { roomId, connection } = await roomOfTwo("once");
		const { attachment, token } = await upload(roomId, ada);
		const send = (nonce: string): Promise<Message | string> =>
			connection.sendMessage({ text: "", attachments: [token], nonce }).catch((error: { code: string }) => error.code);
		const answers = await Promise.all([send("n-1"), send("n-2"), send("n-1"), send("n-2")]);
		const taken = answers.filter((answer) => typeof answer !== "string");
		expect(taken).toHaveLength(2);
		expect(new Set(taken.map(({ id }) => id)).size).toBe(1);
		expect(answers.filter((answer) => answer === "bad_input")).toHaveLength(2);
		const other = await refused(connection.sendMessage({ text: "other", attachments: [token], nonce: "n-1" }));
		expect(["bad_input", "nonce_reused"]).toContain(other.code);
		await connection.deleteMessage({ id: taken[0]?.id ?? 0 });
		await isGone(roomId, attachment);
		expect((await refused(connection.sendMessage({ text: "", attachments: [token] }))).code).toBe("bad_input");
	});

	test("[MAT4] only who may read the message now has its files", async () => {
		const { roomId, connection } = await roomOfTwo("seen");
		const { attachment, token } = await upload(roomId, ada);
		const nobodys = await upload(roomId, ada);
		expect((await refused(look(roomId, ada, attachment))).code).toBe("not_found");
		await connection.sendMessage({ text: "", attachments: [token] });
		expect(await look(roomId, bob, attachment)).toEqual({ attachment });
		expect((await refused(look(roomId, cyn, attachment))).code).toBe("not_found");
		expect((await refused(look(roomId, { id: "boss", role: "owner" }, attachment))).code).toBe("not_found");
		expect((await refused(look(roomId, bob, nobodys.attachment))).code).toBe("not_found");
		const ids = [attachment.id, nobodys.attachment.id];
		expect(await asWeb(roomId).findAttachments({ ids })).toEqual({ ids: [attachment.id] });
		const asBob = { userId: "bob", role: "member", ticketAgeMs: 0 } as const;
		expect(await asWeb(roomId).admitAttachment(asBob)).toEqual({ ok: true });
		await connection.kick({ userId: "bob" });
		expect((await refused(look(roomId, bob, attachment))).code).toBe("not_member");
		expect((await refused(asWeb(roomId).admitAttachment(asBob))).code).toBe("not_member");
		await connection.invite({ userId: "bob" });
		await town.as("chatRoom", roomId, bob).join();
		expect((await refused(look(roomId, bob, attachment, 60_000))).code).toBe("unauthenticated");
		expect(await look(roomId, bob, attachment)).toEqual({ attachment });
		await connection.updateRoom({ isArchived: true });
		expect(await look(roomId, bob, attachment)).toEqual({ attachment });
		expect((await refused(asWeb(roomId).admitAttachment(asBob))).code).toBe("archived");
	});

	test("[MAT5] files go with a message that is deleted, and with those that fall to retention", async () => {
		const { roomId, connection } = await roomOfTwo("going");
		const files = [await upload(roomId, ada), await upload(roomId, ada), await upload(roomId, ada)];
		const send = (upload: Upload) => connection.sendMessage({ text: "x", attachments: [upload.token] });
		const [first, second, third] = files as [Upload, Upload, Upload];
		const message = await send(first);
		await send(second);
		await send(third);
		const before = await connection.getHash();
		const tombstone = await connection.deleteMessage({ id: message.id });
		expect(tombstone.attachments).toBeUndefined();
		await isGone(roomId, first.attachment);
		expect((await refused(look(roomId, ada, first.attachment))).code).toBe("not_found");
		expect([second, third].map(({ attachment }) => isKept(roomId, attachment))).toEqual([true, true]);
		await connection.updateRoom({ retentionMessages: 1 });
		await isGone(roomId, second.attachment);
		expect(await look(roomId, ada, third.attachment)).toEqual({ attachment: third.attachment });
		expect(isKept(roomId, third.attachment)).toBe(true);
		expect((await connection.getHash()).hash).not.toBe(before.hash);
	});

	test("[MAT5] a crash right after a deletion leaves no bytes", async () => {
		const { roomId, connection } = await roomOfTwo("crashed");
		const files = await Promise.all(Array.from({ length: 10 }, () => upload(roomId, ada)));
		const { id } = await connection.sendMessage({ text: "", attachments: files.map(({ token }) => token) });
		await connection.deleteMessage({ id });
		await rooms.kill();
		rooms = await house.startActors("rooms", { limits: LIMITS });
		for (const { attachment } of files) await isGone(roomId, attachment);
	});
});
