import { readFileSync } from "node:fs";
import { RoomPage } from "../room-page.ts";
import { expect, expectAccessible, newRoom, test } from "../test.ts";

test("[EXP2] whoever runs a room takes it along as a file, and nobody else does", async ({ person }) => {
	const room = newRoom("attic");
	const ada = await person("Ada"); // first: the first of all owns the server
	const bob = await person("Bob");
	const [hers, his] = [new RoomPage(ada.page), new RoomPage(bob.page)];
	await hers.open(room);
	await hers.send(room, "an old lamp");
	await hers.shows(["an old lamp"]);
	await his.join(room);
	await his.send(room, "and a chair");
	await hers.shows(["an old lamp", "and a chair"]);

	await ada.page.getByRole("button", { name: /^People: / }).click();
	await ada.page.getByRole("button", { name: "Room settings" }).click();
	const settings = ada.page.getByRole("dialog", { name: "Room settings" });
	await settings.getByRole("button", { name: "Export room" }).click();
	await expect(settings.getByText(/^2 messages, 0 files, /)).toBeVisible();
	await expectAccessible(ada.page);
	const coming = ada.page.waitForEvent("download");
	await settings.getByRole("link", { name: "Download" }).click();
	const download = await coming;
	expect(download.suggestedFilename()).toMatch(/^r-[0-9a-f]+\.tar$/);
	const archive = readFileSync(await download.path(), "utf8");
	expect(archive).toContain('"format": "bullpen-room"');
	expect(archive.indexOf('"text":"an old lamp"')).toBeLessThan(archive.indexOf('"text":"and a chair"'));

	await bob.page.getByRole("button", { name: /^People: / }).click();
	await bob.page.getByRole("button", { name: "Room settings" }).click();
	const theirs = bob.page.getByRole("dialog", { name: "Room settings" });
	await expect(theirs.getByRole("heading", { name: "What it keeps" })).toBeVisible();
	await expect(theirs.getByRole("heading", { name: "Export" })).toHaveCount(0);
	const roomId = new URL(bob.page.url()).pathname.split("/")[2];
	const headers = { origin: new URL(bob.page.url()).origin };
	const refused = (await bob.page.request.post(`/api/rooms/${roomId}/export`, { headers })).status();
	expect(refused).toBe(403);
});
