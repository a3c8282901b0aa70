import { createHash } from "node:crypto";
import { existsSync, readdirSync, utimesSync, writeFileSync } from "node:fs";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import type { Message } from "@bullpen/domain/message";
import { Problem } from "@bullpen/domain/problem";
import { roomHash } from "@bullpen/domain/room-hash";
import { fileName } from "@bullpen/files/blob-store";
import { describe, expect, test } from "vitest";
import { answer } from "../lib/api.ts";
import { getExport, postExport } from "../lib/archive/export-endpoints.ts";
import { postImport } from "../lib/archive/import-endpoint.ts";
import { TAR_END, tarHeader, tarPadding } from "../lib/archive/ustar.ts";
import { sweepAll } from "../lib/boot.ts";
import type { CallActor } from "../lib/service-calls.ts";
import { postUpload } from "../lib/uploads.ts";
import { type Browser, PUBLIC_URL, startServer } from "./server.ts";

const NOW = 1_700_000_000_000;
const FILE = `f-${"0".repeat(29)}1`;
const sha256 = (text: string) => createHash("sha256").update(text).digest();
const message = (id: number, fields: Partial<Message> = {}): Message => ({
	kind: "message",
	id,
	version: id,
	sender: "u-gone",
	text: `message ${id}`,
	timestamp: NOW + id,
	reactions: [],
	...fields,
});
const TEXT_FILE = { id: FILE, name: "a.txt", mimeType: "text/plain", bytes: 5 };

/** Actors as far as archives know them: rooms that are a list of messages. */
class Rooms {
	readonly rooms = new Map<string, Message[]>();
	readonly people: { id: string; name: string }[] = [];
	readonly refusing = new Set<string>();
	/** Said to a room while it is exported. */
	meanwhile: Message | undefined;

	readonly call: CallActor = async (_actor, key, name, input) => {
		const asked = input as never as Record<string, never>;
		if (this.refusing.has(name)) throw new Problem("forbidden", "You may not.");
		return (await this.#answer(key, name, asked)) as never;
	};

	async #answer(key: string, name: string, asked: Record<string, never>): Promise<unknown> {
		const messages = this.rooms.get(key) ?? [];
		const head = { seq: messages.length, version: Math.max(1, ...messages.map(({ version }) => version)), epoch: "e" };
		switch (name) {
			case "beginExport":
				return {
					room: { id: key, name: "tea", topic: "", visibility: "public", createdAt: NOW },
					members: [],
					head,
					floorSeq: 1,
				};
			case "exportRows": {
				const after = Number(asked.after);
				const rows = messages.filter(({ version }) => version > after).sort((a, b) => a.version - b.version);
				const page = rows.slice(0, 2);
				const caughtUp = page.length === rows.length;
				if (this.meanwhile !== undefined) messages[this.meanwhile.id - 1] = this.meanwhile;
				this.meanwhile = undefined;
				const hash = await roomHash(messages, sha256);
				return { messages: page, to: page.at(-1)?.version ?? after, caughtUp, head, floorSeq: 1, hash };
			}
			case "getNames":
				return { names: [] };
			case "beginImport":
				this.rooms.set("r-new", []);
				return { roomId: "r-new" };
			case "importRows":
				messages.push(
					...String(asked.lines)
						.split("\n")
						.map((line) => JSON.parse(line)),
				);
				return { seq: messages.length, hash: "0".repeat(16) };
			case "importPeople":
				this.people.push(...(asked.people as never as { id: string; name: string }[]));
				return { made: this.people.length };
			case "finishImport":
				if ((await roomHash(this.rooms.get(String(asked.roomId)) ?? [], sha256)) !== String(asked.hash)) {
					throw new Problem("bad_input", "another hash");
				}
				return { roomId: String(asked.roomId), name: "tea", created: true };
			default:
				return { ok: true };
		}
	}
}

async function start(limits: object = {}) {
	const rooms = new Rooms();
	const server = await startServer({ BULLPEN_LIMITS: JSON.stringify(limits) }, undefined, undefined, rooms.call);
	const ada = server.browser();
	await ada.signIn("Ada");
	rooms.rooms.set("r-1", [message(1), message(2, { attachments: [TEXT_FILE] }), message(3, { version: 7 })]);
	await server.blobs.put(fileName("r-1", FILE), Readable.from([Buffer.from("hello")]));
	const ask = (who: Browser, endpoint: Parameters<typeof answer>[1], path: string, init: RequestInit = {}) => {
		const headers = { ...who.headers(), origin: PUBLIC_URL };
		return answer(server, endpoint, new Request(new URL(path, PUBLIC_URL), { headers, ...init }));
	};
	const lastLine = async (response: Response) => {
		const text = await response.text();
		return response.ok ? JSON.parse(text.trim().split("\n").at(-1) ?? "") : { problem: JSON.parse(text) };
	};
	const exported = async (who = ada, roomId = "r-1") =>
		lastLine(await ask(who, postExport, `/api/rooms/${roomId}/export`, { method: "POST" }));
	const download = (id: string, who = ada, roomId = "r-1", init: RequestInit = {}) =>
		ask(who, getExport, `/api/rooms/${roomId}/export/${id}`, init);
	const kept = () => {
		const folder = `${server.dataFolder}/exports`;
		const owners = existsSync(folder) ? readdirSync(folder) : [];
		return owners.flatMap((owner) => readdirSync(`${folder}/${owner}`).map((name) => `${folder}/${owner}/${name}`));
	};
	const imported = async (archive: Buffer<ArrayBuffer>, wish: object = {}, who = ada) => {
		const upload = await ask(who, postUpload, "/api/uploads?for=room", { method: "POST", body: archive });
		if (!upload.ok) return { problem: await upload.json() };
		const { uploadId } = (await upload.json()) as { uploadId: string };
		const body = JSON.stringify({ uploadId, ...wish });
		return lastLine(await ask(who, postImport, "/api/rooms/import", { method: "POST", body }));
	};
	return { server, rooms, ada, exported, download, imported, kept };
}

const tar = (...files: readonly (readonly [name: string, content: string | Buffer])[]): Buffer<ArrayBuffer> =>
	Buffer.concat([
		...files.flatMap(([name, content]) => {
			const bytes = Buffer.from(content as string);
			return [tarHeader(name, bytes.length, NOW), bytes, tarPadding(bytes.length)];
		}),
		TAR_END,
	]);
const description = (fields: object = {}) =>
	JSON.stringify({
		format: "bullpen-room",
		formatVersion: 1,
		exportedAt: NOW,
		exportedBy: "u-1",
		room: { id: "r-1", name: "tea", topic: "", visibility: "public", createdAt: NOW },
		members: [],
		people: [
			{ id: "u-gone", name: "Dora" },
			{ id: "u-lurker", name: "Lurker" },
		],
		head: { seq: 2, version: 2 },
		floorSeq: 1,
		...fields,
	});
const lines = (...messages: unknown[]) => messages.map((one) => `${JSON.stringify(one)}\n`).join("");
const TWO = lines(message(1), message(2, { attachments: [TEXT_FILE] }));

describe("an export", () => {
	test("[EXP1] holds a room as it stands at its end, and makes the same room with the same hash", async () => {
		const { server, rooms, exported, download, imported } = await start();
		rooms.meanwhile = message(1, { text: "edited meanwhile", version: 8 });
		const { result } = await exported();
		const room = rooms.rooms.get("r-1") ?? [];
		expect(room[0]?.text).toBe("edited meanwhile");
		expect(result).toMatchObject({ messages: 3, files: 1, missingFiles: 0, hash: await roomHash(room, sha256) });
		const response = await download(result.exportId);
		expect(response.headers.get("content-disposition")).toBe('attachment; filename="r-1.tar"');
		const archive = Buffer.from(await response.arrayBuffer());
		expect(archive.length).toBe(result.bytes);
		const second = await imported(archive);
		expect(second.result).toMatchObject({ roomId: "r-new", messages: 3, files: 1, hash: result.hash });
		expect(rooms.rooms.get("r-new")).toEqual(room);
		const blob = await server.blobs.open(fileName("r-new", FILE));
		expect(String(blob && (await buffer(blob.stream)))).toBe("hello");
	});

	test("[EXP2] is for whoever made it and runs the room still, as long as it is kept", async () => {
		const { server, rooms, exported, download } = await start();
		const { result } = await exported();
		const bob = server.browser();
		await bob.signIn("Bob");
		expect((await download(result.exportId, bob)).status).toBe(404);
		expect((await download("x-../../keys")).status).toBe(404);
		const theirs = await download(result.exportId);
		expect(theirs.status).toBe(200);
		await theirs.body?.cancel();
		rooms.refusing.add("checkExport").add("beginExport");
		expect((await download(result.exportId)).status).toBe(403);
		expect(await exported()).toMatchObject({ problem: { code: "forbidden" } });
	});
});

describe("exports that are kept", () => {
	test.each(["general", "r-1", "r_2", "0", `r-${"0".repeat(62)}`])("[EXP2] are got of any room: %s", async (roomId) => {
		const { ada, rooms, exported, download, kept } = await start();
		rooms.rooms.set(roomId, [message(1)]);
		const { result } = await exported(ada, roomId);
		const head = await download(result.exportId, ada, roomId, { method: "HEAD" });
		expect([head.status, head.headers.get("content-length"), head.body]).toEqual([200, String(result.bytes), null]);
		const response = await download(result.exportId, ada, roomId);
		expect((await response.arrayBuffer()).byteLength).toBe(result.bytes);
		const other = await download(result.exportId, ada, "r-other");
		expect(other.status).toBe(404);
		expect(kept()).toHaveLength(1);
	});

	test("[EXP9] are two of a person, for an hour, and go though nobody comes; so does what a dead process left", async () => {
		const { server, exported, download, kept } = await start();
		const made: string[] = [];
		for (let at = 1; at <= 3; at++) {
			made.push((await exported()).result.exportId);
			for (const path of kept())
				if (path.includes(made.at(-1) ?? "")) utimesSync(path, Date.now() / 1_000, Date.now() / 1_000 - 10 + at);
		}
		expect((await download(made[0] ?? "")).status).toBe(404);
		const [path = ""] = kept().filter((one) => one.includes(made[1] ?? "-"));
		writeFileSync(`${path}.part`, "half");
		utimesSync(path, 1, 1);
		expect((await download(made[1] ?? "")).status).toBe(404);
		await sweepAll(server, Date.now());
		expect(kept()).toHaveLength(2);
		expect(kept()).toEqual(expect.arrayContaining([expect.stringContaining(made[2] ?? "-"), `${path}.part`]));
		await sweepAll(server, Date.now() + server.settings.limits.exportKeptMs + 60_000);
		expect(kept()).toEqual([]);
	});

	test.each([
		["all the space that exports may have", { exportsBytesTotalMax: 5_000 }, /all the space/],
		["the whole disk", { messageFilesFreeBytesMin: Number.MAX_SAFE_INTEGER }, /no room left/],
	])("[EXP9] do not take %s", async (_what, limits, words) => {
		const { rooms, exported, kept } = await start(limits);
		rooms.rooms.set("r-1", [message(1, { text: "x".repeat(4_000) })]);
		const { problem } = await exported();
		expect(problem).toMatchObject({ code: "queue_full", message: expect.stringMatching(words) });
		expect(kept()).toEqual([]);
	});
});

describe("an import", () => {
	test("[EXP5] makes profiles of those alone whom messages name", async () => {
		const { rooms, imported } = await start();
		const { result } = await imported(tar(["room.json", description()], ["messages.jsonl", TWO]));
		expect(result).toMatchObject({ messages: 2, files: 0, missingFiles: 1, people: 1 });
		expect(rooms.people).toEqual([{ id: "u-gone", name: "Dora" }]);
	});

	test("[EXP7] people with another id here have that, and the hash is another", async () => {
		const { rooms, imported } = await start();
		const archive = tar(["room.json", description()], ["messages.jsonl", TWO]);
		const { result } = await imported(archive, { people: { "u-gone": "u-here" } });
		expect(rooms.rooms.get("r-new")?.map(({ sender }) => sender)).toEqual(["u-here", "u-here"]);
		expect(result.hash).toBe(await roomHash(rooms.rooms.get("r-new") ?? [], sha256));
	});

	test.each([
		["wrote", message(2, { sender: "u-here" })],
		["is mentioned", message(2, { text: "hello <@u-here>" })],
	])("[EXP7] makes nobody of two people, also where one only %s", async (_what, second) => {
		const { rooms, imported } = await start();
		const archive = tar(["room.json", description()], ["messages.jsonl", lines(message(1), second)]);
		const { problem } = await imported(archive, { people: { "u-gone": "u-here" } });
		expect(problem).toMatchObject({ code: "bad_input", message: expect.stringContaining("one person") });
		expect(rooms.rooms.has("r-new")).toBe(false);
	});

	test("[EXP8] is for owners of the server", async () => {
		const { server, imported } = await start();
		const bob = server.browser();
		await bob.signIn("Bob");
		expect(await imported(tar(["room.json", description()]), {}, bob)).toMatchObject({
			problem: { code: "forbidden" },
		});
	});

	const wide = Buffer.from(tarHeader("messages.jsonl", 5, NOW));
	const relabelled = (at: number, text: string): Buffer<ArrayBuffer> => {
		const archive = tar(["room.json", description()]);
		archive.write(text, at);
		return archive;
	};
	const hostile: readonly (readonly [string, Buffer<ArrayBuffer>, RegExp])[] = [
		["nothing", Buffer.from("nothing"), /breaks off/],
		["something else", Buffer.alloc(2_048, "x"), /not a tar file/],
		["no messages", tar(["room.json", description()]), /messages\.jsonl is missing/],
		["a way out of its folder", tar(["../../keys/web.private.pem", "x"]), /no export has/],
		["a path from the root", tar(["/etc/passwd", "x"]), /no export has/],
		["a file of another name", tar(["files/evil.sh", "x"]), /no export has/],
		["a changed header", relabelled(0, "files"), /damaged/],
		["a file twice", tar(["room.json", description()], ["room.json", description()]), /twice/],
		["an end in the middle", tar(["room.json", description()]).subarray(0, 600) as Buffer<ArrayBuffer>, /breaks off/],
		["a size that is not there", Buffer.concat([wide, TAR_END]), /breaks off|missing/],
		["a gap", tar(["room.json", description()], ["messages.jsonl", lines(message(2))]), /line 1: Messages 1 to 1/],
		["an id twice", tar(["room.json", description()], ["messages.jsonl", lines(message(1), message(1))]), /line 2/],
		["a line too long", tar(["room.json", description()], ["messages.jsonl", `${"x".repeat(2_000)}\n`]), /longer/],
		["an empty line", tar(["room.json", description()], ["messages.jsonl", `\n${TWO}`]), /line 1: It is empty/],
		["no UTF-8", tar(["room.json", description()], ["messages.jsonl", Buffer.from([0xff, 0x0a])]), /UTF-8/],
		[
			"another hash",
			tar(["room.json", description({ hash: "0".repeat(16) })], ["messages.jsonl", TWO]),
			/their hash is another/,
		],
		[
			"a file of no message",
			tar(["room.json", description()], ["messages.jsonl", TWO], [`files/f-${"9".repeat(30)}`, "x"]),
			/not the file of a message/,
		],
		[
			"a file of another size",
			tar(["room.json", description()], ["messages.jsonl", TWO], [`files/${FILE}`, "x"]),
			/not the file of a message/,
		],
		[
			"a file of another kind",
			tar(["room.json", description()], ["messages.jsonl", TWO], [`files/${FILE}`, "%PDF-"]),
			/not what its message says/,
		],
		[
			"too much of a description",
			tar(["room.json", description({ more: "x".repeat(5_000_000) })]),
			/missing|too large/,
		],
	];

	test("[EXP8] what no export has, or no room kept, is refused in words, and leaves nothing", async () => {
		const { server, rooms, imported } = await start({ archiveLineBytesMax: 1_000 });
		for (const [what, archive, expected] of hostile) {
			const { problem } = await imported(archive);
			expect(problem, what).toMatchObject({ code: "bad_input", message: expect.stringMatching(expected) });
			expect(await server.blobs.open(fileName("r-new", FILE)), what).toBeUndefined();
		}
		expect(rooms.people).toEqual([]);
		const uploads = `${server.dataFolder}/uploads`;
		expect(readdirSync(uploads).flatMap((owner) => readdirSync(`${uploads}/${owner}`))).toEqual([]);
	});
});
