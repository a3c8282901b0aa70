import type { FilesChanged } from "@bullpen/domain/files";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { NO_RATES } from "./limits.ts";
import { eventually, refusal, WorkspaceTown } from "./workspace-town.ts";

let town: WorkspaceTown;

beforeAll(async () => {
	town = await WorkspaceTown.open({ ...NO_RATES, filesTellMs: 50 });
});
afterEach(() => town.visitors.leave());
afterAll(() => town?.close());

const base64 = (text: string): string => Buffer.from(text).toString("base64");

test("[FIL3] [FIL6] one writes, everybody is told, and who saw something else is refused with what is there", async () => {
	const [, ada, bob] = await town.found("ada", "bob");
	const told: FilesChanged[] = [];
	bob.connection.on("filesChanged", (changed) => told.push(changed));
	await bob.connection.listFiles({ path: "" });
	const made = await ada.connection.writeFile({ path: "src/a.txt", version: null, data: base64("hello") });
	await eventually(() => expect(told).toContainEqual({ paths: ["src/a.txt"], isAll: false }));
	expect(await bob.connection.readFile({ path: "src/a.txt" })).toMatchObject({ isText: true, data: base64("hello") });
	const late = bob.connection.writeFile({ path: "src/a.txt", version: null, data: base64("mine") });
	expect(await refusal(late)).toMatchObject({
		code: "file_changed",
		metadata: { version: "version" in made ? made.version : "", bytes: 5 },
	});
	await bob.connection.renameFile({ path: "src/a.txt", to: "b.txt" });
	expect((await ada.connection.listChanges()).files).toMatchObject([{ path: "b.txt", status: "added" }]);
	expect(await ada.connection.diff({ path: "b.txt" })).toMatchObject({ newText: "hello" });
	await ada.connection.deleteFile({ path: "b.txt" });
	expect(await refusal(ada.connection.readFile({ path: "b.txt" }))).toMatchObject({ code: "not_found" });
	// After a turn nobody knows what changed.
	await ada.connection.prompt({ text: "say done" });
	await eventually(() => expect(told.at(-1)).toEqual({ paths: [], isAll: true }));
});

test("[FIL5] whoever watches reads, and neither changes nor commits", async () => {
	const [id, ada] = await town.found("ada");
	await ada.connection.writeFile({ path: "a.txt", version: null, data: base64("1") });
	const guest = town.visitors.handle(id, "gus", "guest");
	expect((await guest.listFiles({ path: "" })).entries).toMatchObject([{ name: "a.txt" }]);
	expect(await guest.readFile({ path: "a.txt" })).toMatchObject({ data: base64("1") });
	expect((await guest.listChanges()).files).toHaveLength(1);
	for (const work of [
		() => guest.writeFile({ path: "b.txt", version: null, data: "" }),
		() => guest.createFolder({ path: "b" }),
		() => guest.renameFile({ path: "a.txt", to: "b.txt" }),
		() => guest.deleteFile({ path: "a.txt" }),
		() => guest.commit({ message: "mine" }),
	]) {
		expect(await refusal(work())).toMatchObject({ code: "forbidden" });
	}
	expect((await guest.listFiles({ path: "" })).entries).toHaveLength(1);
});

test("[FIL1] [FIL2] what leads out of the workspace is refused before a sandbox hears of it", async () => {
	const [, ada] = await town.found("ada");
	for (const path of ["../x", "/etc/passwd", "a/../../x", "a\0b", ".git/config", "a/.GIT/hooks/x", "x".repeat(300)]) {
		for (const work of [
			() => ada.connection.listFiles({ path }),
			() => ada.connection.readFile({ path }),
			() => ada.connection.writeFile({ path, version: null, data: "" }),
			() => ada.connection.renameFile({ path: "a", to: path }),
			() => ada.connection.diff({ path }),
			() => ada.connection.deleteFile({ path }),
		]) {
			expect(await refusal(work())).toMatchObject({ code: "bad_input" });
		}
	}
	const data = "A".repeat(600 * 1024);
	expect(await refusal(ada.connection.writeFile({ path: "a", version: null, data }))).toMatchObject({
		code: "bad_input",
	});
	expect(await refusal(ada.connection.commit({ message: " " }))).toMatchObject({ code: "text_empty" });
	expect(await refusal(ada.connection.getPatch({ patchId: "../x" }))).toMatchObject({ code: "bad_input" });
});
