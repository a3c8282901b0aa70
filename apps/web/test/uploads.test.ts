import { existsSync, readdirSync, readFileSync, statSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { sweepAll } from "../lib/boot.ts";
import { postUpload } from "../lib/uploads.ts";
import { type Browser, startServer } from "./server.ts";

const send = (browser: Browser, body: unknown = "an archive", headers = {}) =>
	browser.post(postUpload, "/api/uploads", body, headers);

async function start(variables: Readonly<Record<string, string>> = {}) {
	const server = await startServer(variables);
	const ada = server.browser();
	await ada.signIn("Ada");
	const uploads = join(server.dataFolder, "uploads");
	const [userId = ""] = (await send(ada)).status === 200 ? readdirSync(uploads) : [];
	return { server, ada, folder: join(uploads, userId) };
}
const limits = (values: object) => ({ BULLPEN_LIMITS: JSON.stringify(values) });

test("[ORI6] an upload is kept for its own person, under a name that nobody guesses", async () => {
	const { ada, folder } = await start();
	const { status, body } = await send(ada, "second");
	expect([status, body]).toEqual([200, { uploadId: expect.stringMatching(/^u-[0-9a-f]{30}$/), bytes: 8 }]);
	const { uploadId } = body as { uploadId: string };
	expect(readFileSync(join(folder, uploadId), "utf8")).toBe('"second"');
	expect(statSync(join(folder, uploadId)).mode & 0o777).toBe(0o600);
	expect(statSync(folder).mode & 0o777).toBe(0o700);
});

test("what is too large is refused, whether it says its length or not, and leaves nothing", async () => {
	const { ada, folder } = await start(limits({ originArchiveBytesMax: 100 }));
	const before = readdirSync(folder);
	const large = "x".repeat(200);
	expect(await send(ada, large)).toMatchObject({ status: 413, body: { code: "frame_too_large" } });
	expect(await send(ada, large, { "content-length": "5" })).toMatchObject({ status: 413 });
	expect(readdirSync(folder)).toEqual(before);
});

test("only so many wait for one person, and what is old goes", async () => {
	const { ada, folder } = await start(limits({ uploadsPerPerson: 2, uploadKeptMs: 60_000 }));
	const [first = ""] = readdirSync(folder);
	expect((await send(ada)).status).toBe(200);
	expect(await send(ada)).toMatchObject({ status: 429, body: { code: "queue_full" } });
	utimesSync(join(folder, first), 1, 1);
	expect((await send(ada)).status).toBe(200);
	expect(existsSync(join(folder, first))).toBe(false);
});

test("only so many are taken of one person at the same moment", async () => {
	const { ada, folder } = await start(limits({ uploadsPerPerson: 3 }));
	const answers = await Promise.all(Array.from({ length: 12 }, () => send(ada)));
	expect(answers.filter(({ status }) => status === 200)).toHaveLength(2);
	expect(readdirSync(folder)).toHaveLength(3);
});

test("what somebody left goes with anybody's next upload", async () => {
	const { server, ada, folder } = await start(limits({ uploadKeptMs: 60_000 }));
	const [left = ""] = readdirSync(folder);
	utimesSync(join(folder, left), 1, 1);
	const bob = server.browser();
	await bob.signIn("Bob");
	expect((await send(bob)).status).toBe(200);
	expect(readdirSync(folder)).toEqual([]);
	expect((await send(ada)).status).toBe(200);
});

test("what is old goes though nobody uploads any more, and where nobody ever did", async () => {
	const { server, folder } = await start(limits({ uploadKeptMs: 60_000 }));
	await sweepAll(server, Date.now());
	expect(readdirSync(folder)).toHaveLength(1);
	await sweepAll(server, Date.now() + 61_000);
	expect(readdirSync(folder)).toEqual([]);
	await sweepAll(await startServer(), Date.now());
});

test("without a session, and from another site, nothing is taken", async () => {
	const { server, ada, folder } = await start();
	const before = readdirSync(folder);
	expect((await send(server.browser())).status).toBe(401);
	expect((await send(ada, "x", { origin: "https://evil.example" })).status).toBe(403);
	expect(readdirSync(folder)).toEqual(before);
});
