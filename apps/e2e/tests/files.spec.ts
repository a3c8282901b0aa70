import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { expect, expectAccessible, test } from "../test.ts";
import { twoIn } from "../two-people.ts";

const editor = (page: Page) => page.getByRole("textbox", { name: /^Content of / });

test("[FIL3] [CHG2] what a person edits meets what the agent edits, nobody's words are lost, and it is committed", async ({
	person,
}) => {
	const { ada, bob, hers, his } = await twoIn("files", person);
	await hers.ask("create notes.txt containing: one");
	await hers.answer("Allow");
	await hers.isReady();

	const { page } = ada;
	await page.keyboard.press("Alt+Shift+KeyF");
	const tree = page.getByRole("tree", { name: "Files" });
	await tree.getByRole("treeitem", { name: /notes\.txt/ }).click();
	await expect(editor(page)).toHaveText("one");
	await editor(page).fill("one, by a person");
	await expect(page.getByText("edited")).toBeVisible();

	// The agent goes on meanwhile, asked by somebody else.
	await his.ask("edit notes.txt replace one with two");
	await his.answer("Allow");
	const collision = page.getByRole("region", { name: "Collision" });
	await expect(collision).toContainText("This file was changed while you edited it.", { timeout: 30_000 });
	await expect(collision.getByRole("figure")).toContainText("two");
	await expect(collision.getByRole("figure")).toContainText("one, by a person");
	await expectAccessible(page);
	await collision.getByRole("button", { name: "Keep mine" }).click();
	await expect(collision).toHaveCount(0);
	await expect(editor(page)).toHaveText("one, by a person");

	await page.getByRole("button", { name: "Back to all files" }).click();
	await page.getByRole("button", { name: "New file" }).click();
	await page.getByRole("textbox", { name: "Name of the new file" }).fill("src/made.md");
	await page.keyboard.press("Enter");
	await editor(page).fill("# Made here");
	await page.keyboard.press("ControlOrMeta+s");
	await expect(page.getByRole("button", { name: "Save", exact: true })).toBeDisabled();
	await page.getByRole("button", { name: "Back to all files" }).click();
	await page
		.getByRole("tabpanel", { name: "Files" })
		.locator("input[type=file]")
		.setInputFiles({ name: "up.txt", mimeType: "text/plain", buffer: Buffer.from("up\n") });

	// Somebody else sees all of it, without asking again.
	await bob.page.getByRole("tab", { name: "Files" }).click();
	await expect(bob.page.getByRole("treeitem", { name: /up\.txt/ })).toBeVisible({ timeout: 15_000 });
	await bob.page.getByRole("tab", { name: "Changes" }).click();
	const changes = bob.page.getByRole("list", { name: "Changed files" });
	await expect(changes.getByRole("listitem")).toHaveCount(3);
	await changes.getByRole("button", { name: /notes\.txt/ }).click();
	await expect(changes.getByRole("figure")).toContainText("one, by a person");
	await expectAccessible(bob.page);

	if (await his.isVirtual()) return; // where nothing can be confined there is no git, and the page says so
	const [patch] = await Promise.all([
		bob.page.waitForEvent("download"),
		bob.page.getByRole("button", { name: "Download as a patch" }).click(),
	]);
	expect(await readFile(await patch.path(), "utf8")).toContain("+one, by a person");
	await bob.page.getByRole("textbox", { name: "Commit message" }).fill("Keep the notes");
	await bob.page.getByRole("button", { name: "Commit", exact: true }).click();
	await expect(bob.page.getByText("all committed")).toBeVisible();
	await his.ask("run `git log -1 --format=%an:%s`");
	await his.answer("Allow");
	await expect(his.transcript).toContainText(`${bob.name}:Keep the notes`, { timeout: 30_000 });
});
