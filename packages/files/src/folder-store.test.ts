import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { expect, onTestFinished, test } from "vitest";
import { fileName, removeFile, thumbnailName } from "./blob-store.ts";
import { FolderStore } from "./folder-store.ts";

const ID = "f-0123456789abcdef0123456789abcd";
const NAME = fileName("general", ID);

function start() {
	const folder = mkdtempSync(join(tmpdir(), "bullpen-blobs-"));
	onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
	const store = new FolderStore(folder);
	const read = async (): Promise<string | undefined> => {
		const blob = await store.open(NAME);
		return blob && `${blob.bytes} ${await buffer(blob.stream)}`;
	};
	return { folder, store, read };
}

test("what was put is there under its name, for this server alone", async () => {
	const { folder, store, read } = start();
	expect(await read()).toBeUndefined();
	await store.put(NAME, Readable.from([Buffer.from("one "), Buffer.from("two")]));
	expect(await read()).toBe("7 one two");
	expect(readdirSync(join(folder, "general"))).toEqual([ID]);
	expect(statSync(join(folder, "general")).mode & 0o777).toBe(0o700);
	expect(statSync(join(folder, NAME)).mode & 0o777).toBe(0o600);
});

test("bytes that break off leave nothing, and what was there before", async () => {
	const { folder, store, read } = start();
	const broken = () =>
		Readable.from(
			(function* () {
				yield Buffer.from("half");
				throw new Error("the line broke");
			})(),
		);
	await expect(store.put(NAME, broken())).rejects.toThrow("the line broke");
	expect(readdirSync(join(folder, "general"))).toEqual([]);
	await store.put(NAME, Readable.from([Buffer.from("whole")]));
	await expect(store.put(NAME, broken())).rejects.toThrow("the line broke");
	expect(await read()).toBe("5 whole");
});

test("a file goes with its thumbnail and what a dead process left of it, and twice is once", async () => {
	const { folder, store, read } = start();
	await store.put(NAME, Readable.from([Buffer.from("picture")]));
	await store.put(thumbnailName("general", ID), Readable.from([Buffer.from("small")]));
	writeFileSync(join(folder, `${NAME}.part`), "half");
	await removeFile(store, "general", ID);
	await removeFile(store, "general", ID);
	expect(readdirSync(join(folder, "general"))).toEqual([]);
	expect(await read()).toBeUndefined();
});

test("nobody's words become a path, and no link is followed", async () => {
	const { folder, store } = start();
	for (const roomId of ["..", "../keys", "a/b", "", "Ä"]) expect(() => fileName(roomId, ID)).toThrow();
	for (const id of ["../../keys", `${ID}/..`, "f-", `${ID}.thumbnail`]) expect(() => fileName("general", id)).toThrow();
	writeFileSync(join(folder, "secret"), "secret");
	await store.put(NAME, Readable.from([Buffer.from("x")]));
	rmSync(join(folder, NAME));
	symlinkSync(join(folder, "secret"), join(folder, NAME));
	await expect(store.open(NAME)).rejects.toThrow();
	expect(readFileSync(join(folder, "secret"), "utf8")).toBe("secret");
});
