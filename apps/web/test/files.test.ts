import { randomBytes } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { UploadedAttachment } from "@bullpen/domain/message-attachment";
import { Problem } from "@bullpen/domain/problem";
import { decodeJwt } from "jose";
import sharp from "sharp";
import { expect, test } from "vitest";
import { answer } from "../lib/api.ts";
import { getFile, postFile } from "../lib/files.ts";
import type { CallActor } from "../lib/service-calls.ts";
import { shownAs } from "../lib/thumbnail.ts";
import { makeTickets } from "../lib/tickets.ts";
import { WaitingFiles } from "../lib/waiting-files.ts";
import { type Browser, PUBLIC_URL, type Server, startServer } from "./server.ts";

const ROOM = "r-1";

/** What a room knows of files and people, without the room. */
class FakeRoom {
	readonly taken = new Map<string, UploadedAttachment["attachment"]>();
	readonly outside = new Set<string>();
	readonly asked: { name: string; input: Record<string, unknown> }[] = [];
	isAway = false;
	isGone = false;

	get lastInput(): Record<string, unknown> {
		return this.asked.at(-1)?.input ?? {};
	}

	readonly call = (async (_actor: string, key: string, name: string, input: Record<string, unknown>) => {
		this.asked.push({ name, input });
		if (this.isGone) throw new Problem("busy", "gone", { reason: "actor/not_found" });
		if (key !== ROOM) throw new Problem("busy", "nowhere", { reason: "actor/not_found" });
		if (this.isAway) throw new Problem("busy", "away");
		if (name === "findAttachments") return { ids: (input.ids as string[]).filter((id) => this.taken.has(id)) };
		const attachment = this.taken.get(String(input.attachmentId));
		if (this.outside.has(String(input.userId))) throw new Problem("not_found", "not open to you");
		if (name === "admitAttachment") return { ok: true };
		if (attachment === undefined) throw new Problem("not_found", "not open to you");
		return { attachment };
	}) as unknown as CallActor;
}

interface Town {
	readonly server: Server;
	readonly room: FakeRoom;
	readonly ada: Browser;
	send(
		body: BodyInit | null,
		options?: { name?: string; room?: string; headers?: Record<string, string> },
	): Promise<Answer>;
	look(path: string, headers?: Record<string, string>): Promise<Response>;
	readonly files: () => string[];
}
interface Answer {
	readonly status: number;
	readonly body: UploadedAttachment & { code: string };
}

async function start(limits: object = {}): Promise<Town> {
	const room = new FakeRoom();
	const server = await startServer({ BULLPEN_LIMITS: JSON.stringify(limits) }, undefined, undefined, room.call);
	const ada = server.browser();
	await ada.signIn("Ada");
	return {
		server,
		room,
		ada,
		async send(body, { name = "a.txt", room: roomId = ROOM, headers = {} } = {}) {
			const url = new URL(`/api/files?${new URLSearchParams({ room: roomId, name })}`, PUBLIC_URL);
			const request = new Request(url, {
				method: "POST",
				body,
				headers: { ...ada.headers(), origin: PUBLIC_URL, ...headers },
				...({ duplex: "half" } as object),
			});
			const response = await answer(server, postFile, request);
			return { status: response.status, body: (await response.json()) as Answer["body"] };
		},
		look: (path, headers = ada.headers()) =>
			answer(server, getFile, new Request(new URL(path, PUBLIC_URL), { headers })),
		files: () => {
			const folder = join(server.dataFolder, "files", ROOM);
			return existsSync(folder) ? readdirSync(folder).sort() : [];
		},
	};
}
/** Without its body. */
async function statusAt(town: Town, ...asked: Parameters<Town["look"]>): Promise<number> {
	const response = await town.look(...asked);
	await response.body?.cancel();
	return response.status;
}
const waiting = ({ server }: Town): string[] => readdirSync(join(server.dataFolder, "files-waiting"));
const png = (width: number, height: number): Promise<Buffer> =>
	sharp({ create: { width, height, channels: 3, background: "red" } })
		.png()
		.toBuffer();
const take = (town: Town, { body }: Answer): string => {
	town.room.taken.set(body.attachment.id, body.attachment);
	return `/api/files/${ROOM}/${body.attachment.id}`;
};

test("[MAT2] an upload is kept under an id that nobody guesses, and told by its bytes in a signed token", async () => {
	const town = await start();
	const sent = await town.send("hello", { name: "../../notes.html" });
	expect(sent).toMatchObject({
		status: 200,
		body: { attachment: { name: "notes.html", mimeType: "text/plain", bytes: 5 } },
	});
	const { attachment, token } = sent.body;
	expect(attachment.id).toMatch(/^f-[0-9a-f]{30}$/);
	expect(readFileSync(join(town.server.dataFolder, "files", ROOM, attachment.id), "utf8")).toBe("hello");
	expect(decodeJwt(token)).toMatchObject({ typ: "attachment", iss: "web", aud: "chatRoom:r-1", attachment });
	expect(decodeJwt(token)).toMatchObject({ exp: decodeJwt(token).iat! + 24 * 60 * 60 });
});

test("[MAT4] a file is for whoever may read its message, asked anew every time; to be kept, not opened", async () => {
	const town = await start();
	const sent = await town.send("<script>alert(1)</script>", { name: 'Über "x".html' });
	const path = `/api/files/${ROOM}/${sent.body.attachment.id}`;
	expect(await statusAt(town, path)).toBe(404);
	take(town, sent);
	const response = await town.look(path);
	expect([response.status, await response.text()]).toEqual([200, "<script>alert(1)</script>"]);
	expect(response.headers.get("content-length")).toBe("25");
	const head = await answer(
		town.server,
		getFile,
		new Request(new URL(path, PUBLIC_URL), { method: "HEAD", headers: town.ada.headers() }),
	);
	expect([head.status, head.headers.get("content-length"), head.body]).toEqual([200, "25", null]);
	expect(Object.fromEntries(response.headers)).toMatchObject({
		"content-type": "text/plain; charset=utf-8",
		"content-disposition": `attachment; filename="_ber _x_.html"; filename*=UTF-8''%C3%9Cber%20_x_.html`,
		"content-security-policy": "sandbox; default-src 'none'",
		"x-content-type-options": "nosniff",
		"cache-control": "private, no-cache",
	});
	const etag = response.headers.get("etag") ?? "";
	expect(await statusAt(town, path, { ...town.ada.headers(), "if-none-match": etag })).toBe(304);
	expect(await statusAt(town, path, {})).toBe(401);
	town.room.outside.add(String(town.room.lastInput.userId));
	expect(await statusAt(town, path)).toBe(404);
	expect(await statusAt(town, path, { ...town.ada.headers(), "if-none-match": etag })).toBe(404);
});

test("a picture is shown, and has a thumbnail; its size is as it is to be seen", async () => {
	const town = await start();
	const turned = await sharp(await png(1200, 300))
		.jpeg()
		.withMetadata({ orientation: 6 })
		.toBuffer();
	const sent = await town.send(new Uint8Array(turned), { name: "photo.jpg" });
	expect(sent.body.attachment).toMatchObject({ mimeType: "image/jpeg", width: 300, height: 1200 });
	const path = take(town, sent);
	const shown = await town.look(path);
	expect(shown.headers.get("content-disposition")).toMatch(/^inline; /);
	expect(Buffer.from(await shown.arrayBuffer())).toEqual(turned);
	const download = await town.look(`${path}?download=1`);
	expect(download.headers.get("content-disposition")).toMatch(/^attachment; /);
	await download.body?.cancel();
	const thumbnail = await town.look(`${path}/thumbnail`);
	expect(thumbnail.headers.get("content-type")).toBe("image/webp");
	const { width, height, exif } = await sharp(Buffer.from(await thumbnail.arrayBuffer())).metadata();
	expect([width, height, exif]).toEqual([160, 640, undefined]);
	const plain = take(town, await town.send("plain"));
	expect(await statusAt(town, `${plain}/thumbnail`)).toBe(404);
});

test("what only begins like a picture, is too large to be drawn, or could act in a page, is a file like any other", async () => {
	const town = await start({ messagePicturePixelsMax: 10_000 });
	const real = await png(50, 50);
	const huge = Buffer.from(real);
	huge.writeUInt32BE(16_000, 16); // says that it is wider than it is
	const cases: [string, Buffer | string, string][] = [
		["cut.png", real.subarray(0, real.length - 40), "image/png"],
		["lies.png", huge, "image/png"],
		["large.png", await png(101, 100), "image/png"],
		["shape.svg", '<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>', "text/plain"],
		["both.gif", "GIF89a/*\x01\0\x01\0*/=1;alert(1)", "image/gif"],
		["page.pdf", "%PDF-1.7\n", "application/pdf"],
		["noise", randomBytes(64).fill(0, 0, 8), "application/octet-stream"],
	];
	for (const [name, bytes, mimeType] of cases) {
		const sent = await town.send(typeof bytes === "string" ? bytes : new Uint8Array(bytes), { name });
		expect(sent.body.attachment, name).toEqual({ id: expect.any(String), name, mimeType, bytes: bytes.length });
		const response = await town.look(take(town, sent));
		expect(response.headers.get("content-disposition"), name).toMatch(/^attachment; /);
		await response.body?.cancel();
	}
	const shown = await town.send(new Uint8Array(await png(100, 100)), { name: "fits.png" });
	expect(shown.body.attachment).toMatchObject({ width: 100, height: 100 });
});

test("what is drawn small is bounded by its own pixels, whatever was said of it, and by the four formats that are shown", async () => {
	const limits = { messagePicturePixelsMax: 10_000, thumbnailPixelsMax: 64 };
	const blank = (width: number, height: number) => sharp({ create: { width, height, channels: 3, background: "red" } });
	expect(await shownAs(await blank(101, 100).png().toBuffer(), limits)).toBeNull();
	expect(await shownAs(await blank(101, 100).webp().toBuffer(), limits)).toBeNull();
	for (const format of ["png", "jpeg", "gif", "webp"] as const) {
		const shown = await shownAs(await blank(100, 100).toFormat(format).toBuffer(), limits);
		expect([format, shown?.width, shown?.height]).toEqual([format, 100, 100]);
	}
	for (const format of ["tiff", "avif"] as const) {
		expect([format, await shownAs(await blank(10, 10).toFormat(format).toBuffer(), limits)]).toEqual([format, null]);
	}
	const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>';
	expect(await shownAs(Buffer.from(svg), limits)).toBeNull();
});

test("what is empty, too large, too slow or breaks off is refused and leaves nothing", async () => {
	const town = await start({ messageFileBytesMax: 1_000, messageFileSilentMs: 50 });
	const slow = new ReadableStream({ start: (controller) => controller.enqueue(new Uint8Array(10)) });
	const broken = new ReadableStream({
		start(controller) {
			controller.enqueue(new Uint8Array(10));
			controller.error(new Problem("busy", "the line broke"));
		},
	});
	expect(await town.send(null)).toMatchObject({ status: 400, body: { code: "text_empty" } });
	expect(await town.send("x".repeat(1_001))).toMatchObject({ status: 413, body: { code: "frame_too_large" } });
	expect(await town.send("x", { headers: { "content-length": "2000" } })).toMatchObject({ status: 413 });
	expect(await town.send("x", { headers: { "content-length": "900" } })).toMatchObject({ body: { code: "bad_input" } });
	expect(await town.send(slow)).toMatchObject({ status: 503, body: { code: "busy" } });
	expect(await town.send(broken)).toMatchObject({ status: 503 });
	expect([town.files(), waiting(town)]).toEqual([[], []]);
	expect((await town.send("x".repeat(1_000))).status).toBe(200);
});

test("nobody uploads who may not write there, from another site, or without saying where", async () => {
	const town = await start();
	expect((await town.send("x")).status).toBe(200);
	expect(await town.send("x", { room: "../keys" })).toMatchObject({ status: 400, body: { code: "bad_input" } });
	expect(await town.send("x", { room: "r-2" })).toMatchObject({ status: 404, body: { code: "not_found" } });
	town.room.isAway = true;
	expect(await town.send("x")).toMatchObject({ status: 503, body: { code: "busy" } });
	town.room.isAway = false;
	expect((await town.send("x", { headers: { origin: "https://evil.example" } })).status).toBe(403);
	expect((await town.send("x", { headers: { cookie: "" } })).status).toBe(401);
	town.room.outside.add(String(town.room.asked[0]?.input.userId));
	expect((await town.send("x")).status).toBe(404);
	expect(town.files()).toHaveLength(1);
});

test.each(["..%2f..%2fweb.private.pem", "%2e%2e/%2e%2e/web.private.pem", `${ROOM}/f-1`, `${ROOM}`, "a/b/c/d"])(
	"no address leads to anything but a file of a message: %s",
	async (path) => {
		const town = await start();
		expect(await statusAt(town, `/api/files/${path}`)).toBe(404);
		expect(town.room.asked).toEqual([]);
	},
);

test("a file opens from our own pages and the address bar, and from no other site", async () => {
	const town = await start();
	const path = take(town, await town.send("x"));
	for (const [site, status] of [
		["same-origin", 200],
		["none", 200],
		["same-site", 403],
		["cross-site", 403],
	] as const) {
		expect([site, await statusAt(town, path, { ...town.ada.headers(), "sec-fetch-site": site })]).toEqual([
			site,
			status,
		]);
	}
});

test("a ticket for the room opens what a session does; another one, and a bot's that lacks the scope, does not", async () => {
	const town = await start();
	const path = take(town, await town.send("x"));
	const bearer = async (key: string, scopes?: ("read" | "write")[]) => {
		const holder = { id: "b-1", name: "Bot", role: "guest" as const, ...(scopes && { scopes }) };
		const request = { actors: [{ actor: "chatRoom" as const, key }] };
		const { tickets } = await makeTickets(town.server.signer, holder, request, Date.now() - 5_000);
		return { authorization: `Bearer ${tickets[0]?.ticket}` };
	};
	expect(await statusAt(town, path, await bearer(ROOM, ["read"]))).toBe(200);
	expect(town.room.lastInput).toMatchObject({ userId: "b-1", role: "guest" });
	expect(Number(town.room.lastInput.ticketAgeMs)).toBeGreaterThanOrEqual(4_000);
	expect(await statusAt(town, path, await bearer("r-2", ["read"]))).toBe(401);
	expect(await statusAt(town, path, { authorization: "Bearer no.ticket.atall" })).toBe(401);
	expect((await town.send("x", { headers: await bearer(ROOM, ["read"]) })).status).toBe(403);
	expect((await town.send("x", { headers: await bearer(ROOM, ["write"]) })).status).toBe(200);
});

test("[MAT5] only so much waits of one person; what messages took does not, and what none took goes after its time", async () => {
	const town = await start({ messageFilesWaitingMax: 2, messageFilesWaitingBytesMax: 1_000, messageFileBytesMax: 990 });
	const [first, second] = [await town.send("first"), await town.send("second")];
	expect(await town.send("third")).toMatchObject({ status: 429, body: { code: "queue_full" } });
	take(town, first);
	expect((await town.send("third")).status).toBe(200);
	take(town, second);
	expect((await town.send("x".repeat(980))).status).toBe(200);
	const late = Date.now() + 25 * 60 * 60_000;
	const { waitingFiles } = town.server;
	await waitingFiles.sweep(Date.now());
	expect([town.files().length, waiting(town).length]).toEqual([4, 2]);
	town.room.isAway = true;
	await waitingFiles.sweep(late - 2 * 60 * 60_000);
	expect(town.files().length).toBe(4);
	town.room.isAway = false;
	await waitingFiles.sweep(late);
	expect(town.files()).toEqual([first.body.attachment.id, second.body.attachment.id].sort());
	expect(waiting(town)).toEqual([]);
	expect((await town.send("for a room that is gone")).status).toBe(200);
	town.room.isGone = true;
	await waitingFiles.sweep(late);
	expect(town.files()).toHaveLength(2);
});

test("[MAT5] what waited is known to the next process, and half of a note is nobody's", async () => {
	const town = await start();
	const [first, second] = [await town.send("first"), await town.send("second")];
	writeFileSync(join(town.server.dataFolder, "files-waiting", second.body.attachment.id), "{");
	const { settings, blobs } = town.server;
	const next = new WaitingFiles(settings, blobs, town.room.call);
	await next.sweep(Date.now() + 25 * 60 * 60_000);
	expect(town.files()).toEqual([second.body.attachment.id]);
	expect(waiting(town)).not.toContain(first.body.attachment.id);
});

test("many at the same moment are counted like one after the other", async () => {
	const town = await start({ messageFilesWaitingMax: 3 });
	const answers = await Promise.all(Array.from({ length: 12 }, () => town.send("x")));
	expect(answers.filter(({ status }) => status === 200)).toHaveLength(3);
	expect([town.files().length, waiting(town).length]).toEqual([3, 3]);
});
