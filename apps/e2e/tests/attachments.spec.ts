import { expect, expectAccessible, test } from "../test.ts";
import { twoIn } from "../two-people.ts";

const GIF = Buffer.from("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7", "base64");
const SHOT = { name: "shot.gif", mimeType: "image/gif", buffer: GIF };
const NOTES = { name: "notes.md", mimeType: "text/markdown", buffer: Buffer.from("# The teapot plan\n") };

test("[ATT7] [TR19] files are chosen, taken out, sent with a prompt and seen by everybody; paths and commands are completed", async ({
	person,
}) => {
	const { ada, bob, hers, his } = await twoIn("files", person);
	await hers.ask("create docs/reading.md with hello");
	await hers.answer("Allow");
	await hers.isReady();

	const files = ada.page.getByRole("list", { name: "Files of this prompt" }).getByRole("listitem");
	await ada.page.locator("input[type=file]").setInputFiles([SHOT, NOTES, { ...NOTES, name: "wrong.md" }]);
	await expect(files).toHaveCount(3);
	await ada.page.getByRole("button", { name: "Remove wrong.md" }).click();
	await expect(files).toHaveCount(2);
	await ada.page
		.locator("input[type=file]")
		.setInputFiles({ ...NOTES, name: "a.bin", buffer: Buffer.from([0xff, 0xfe]) });
	await expect(files.getByRole("alert")).toHaveText(/Only pictures and text files/);
	await hers.ask("read it");
	await expect(ada.page.getByText("A file is not there yet.")).toBeVisible();
	await ada.page.getByRole("button", { name: "Remove a.bin" }).click();
	await expectAccessible(ada.page);

	await hers.prompt.fill("");
	await hers.prompt.pressSequentially("read @rea");
	const choices = ada.page.getByRole("listbox", { name: "Files of the workspace" });
	await expect(choices.getByRole("option")).toHaveText([/reading\.md/], { timeout: 15_000 });
	// With choices the field is a combobox, and keeps the focus.
	await ada.page.keyboard.press("Enter");
	await expect(hers.prompt).toHaveValue("read @docs/reading.md ");
	await hers.prompt.press("Enter");
	await expect(files).toHaveCount(0);

	for (const { transcript } of [hers, his]) {
		const prompt = transcript.getByRole("article").filter({ hasText: "read @docs/reading.md" });
		await expect(prompt.getByRole("img", { name: "shot.gif" })).toBeVisible({ timeout: 15_000 });
		await expect(prompt.getByRole("button", { name: "Download notes.md" })).toBeVisible();
		await expect(transcript).toContainText("You gave me docs/reading.md, a picture (image/gif), notes.md.");
	}
	const download = bob.page.waitForEvent("download");
	await bob.page.getByRole("button", { name: "Download notes.md" }).click();
	expect((await download).suggestedFilename()).toBe("notes.md");

	// What the agent understands after a slash: chosen by keys, sent as it is written, gone when the agent says so.
	await hers.isReady();
	const commands = ada.page.getByRole("listbox", { name: "Commands of the agent" }).getByRole("option");
	await hers.prompt.pressSequentially("/h");
	await expect(commands).toHaveText([/^\/help/, /^\/history/]);
	await ada.page.keyboard.press("ArrowDown");
	await ada.page.keyboard.press("Tab");
	await expect(hers.prompt).toHaveValue("/history ");
	await hers.prompt.press("Enter");
	await expect(his.transcript).toContainText("You asked before");
	await hers.isReady();
	await hers.prompt.pressSequentially("/forget");
	await hers.prompt.press("Enter");
	await expect(his.transcript).toContainText("I forget what you asked before.");
	await hers.prompt.pressSequentially("/h");
	await expect(commands).toHaveText([/^\/help/]);
});
