import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, expectAccessible, suffix, test } from "../test.ts";
import { WorkspacePage } from "../workspace-page.ts";

test("people are invited as something, talk beside the agent, and hear of the end", async ({ person }) => {
	const name = `team ${suffix()}`;
	const [ada, bob] = [await person("Ada"), await person("Bob")];
	const [hers, his] = [new WorkspacePage(ada.page), new WorkspacePage(bob.page)];
	await hers.create(name, "By invitation");
	await ada.page.getByRole("tab", { name: /^People/ }).click();
	await ada.page.getByRole("combobox", { name: "As" }).selectOption("Viewer");
	await ada.page.getByRole("textbox", { name: "Invite" }).fill(bob.name.toLowerCase());
	await ada.page.getByRole("button", { name: `Invite ${bob.name}` }).click();
	await bob.page.getByRole("region", { name: "Workspaces" }).getByRole("link", { name }).click();
	await expect(bob.page.getByText("You are watching this workspace.")).toBeVisible();
	await ada.page.getByRole("button", { name: `More for ${bob.name}` }).click();
	await ada.page.getByRole("menuitemradio", { name: "Prompter" }).click();
	await ada.page.keyboard.press("Escape");
	await expect(his.prompt).toBeVisible();
	await expectAccessible(ada.page);

	await bob.page.getByRole("tab", { name: /^Chat/ }).click();
	await bob.page.getByRole("textbox", { name: "Message the others" }).fill("list the files");
	await bob.page.getByRole("textbox", { name: "Message the others" }).press("Enter");
	await ada.page.getByRole("tab", { name: /^Chat 1/ }).click();
	const message = ada.page.getByRole("log", { name: "Side chat" }).getByRole("article").first();
	await expect(message).toContainText("list the files");
	await expect(ada.page.getByRole("log", { name: "Transcript" })).toHaveCount(0);
	await message.hover();
	await message.getByRole("button", { name: "Quote into the prompt" }).click();
	await expect(hers.prompt).toHaveValue(`> ${bob.name}:\n> list the files\n\n`);
	await expect(hers.prompt).toBeFocused();
	await expectAccessible(ada.page);

	await ada.page.getByRole("tab", { name: /^People/ }).click();
	await ada.page.getByRole("button", { name: "Archive", exact: true }).click();
	await expect(bob.page.getByText(`${ada.name} archived this workspace.`)).toBeVisible();
	await expect(his.prompt).toHaveCount(0);
	await expect(bob.page.getByRole("region", { name: "Workspaces" }).getByRole("link", { name })).toHaveCount(0);
	await bob.page.getByRole("link", { name: "All workspaces" }).click();
	await bob.page.getByText("Archived", { exact: true }).click();
	await bob.page.getByRole("list", { name: "Workspaces" }).getByRole("link", { name }).click();
	await expect(bob.page.getByText("This workspace is archived.").first()).toBeVisible();

	await ada.page.getByRole("button", { name: "Delete…" }).click();
	await ada.page.getByRole("textbox", { name: `Type “${name}” to confirm` }).fill(name);
	await ada.page.getByRole("button", { name: "Delete for ever" }).click();
	for (const { page } of [ada, bob]) {
		await expect(page.getByRole("heading", { name: `${ada.name} deleted “${name}”` })).toBeVisible();
	}
});

test("a workspace starts from an archive, or says why it cannot", async ({ person }) => {
	const folder = mkdtempSync(join(tmpdir(), "bullpen-archive-"));
	try {
		mkdirSync(join(folder, "repo"));
		writeFileSync(join(folder, "repo", "from-archive.txt"), "one");
		execFileSync("tar", ["-C", folder, "-czf", join(folder, "good.tar.gz"), "repo"]);
		writeFileSync(join(folder, "bad.zip"), "no archive at all");
		const ada = await person("Ada");
		const { page } = ada;
		await page.getByRole("button", { name: "New workspace" }).click();
		await page.getByRole("textbox", { name: "Name" }).fill(`archive ${suffix()}`);
		await page.getByText("An archive", { exact: true }).click();
		await page.getByLabel("Archive", { exact: true }).setInputFiles(join(folder, "bad.zip"));
		await page.getByRole("button", { name: "Create workspace" }).click();
		const reason = page.getByText(/neither a \.zip nor a \.tar\.gz|cannot start the sandbox/);
		await expect(reason).toBeVisible({ timeout: 30_000 });
		if (await page.getByText(/cannot start the sandbox/).isVisible()) return; // this machine has none, and says so
		await page.getByRole("button", { name: "Change and try again" }).click();
		await page.getByLabel("Archive", { exact: true }).setInputFiles(join(folder, "good.tar.gz"));
		await page.getByRole("button", { name: "Create workspace" }).click();
		await page.waitForURL(/\/w\//, { timeout: 30_000 });
		const hers = new WorkspacePage(page);
		await hers.ask("list the files");
		await hers.isReady();
		await expect(hers.transcript).toContainText("1 entry.");
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
});
