import { expect, expectAccessible, suffix, test } from "../test.ts";
import { twoIn } from "../two-people.ts";
import { WorkspacePage } from "../workspace-page.ts";

const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

test("two people steer one queue: order, words, pause, send now, each seen by both at once", async ({ person }) => {
	test.slow(); // two starts of the agent
	const { ada, bob, hers, his } = await twoIn("steered", person);
	await hers.ask("create one.txt containing: 1");
	await expect(hers.question).toBeVisible({ timeout: 30_000 });
	for (const text of ["read a.txt", "read b.txt", "read c.txt"]) await hers.ask(text);
	await his.ask("list");
	for (const { page } of [ada, bob]) await page.getByRole("tab", { name: /^Queue/ }).click();
	await expect(his.queue).toHaveText([/read a/, /read b/, /read c/, /list/]);

	// Bob may move his own, by keyboard; Ada owns the place and moves any, by dragging.
	await expect(bob.page.getByRole("button", { name: /^Move the prompt of/ })).toHaveCount(1);
	await his.queue
		.nth(3)
		.getByRole("button", { name: /^Move the prompt of/ })
		.press("ArrowUp");
	await expect(hers.queue).toHaveText([/read a/, /read b/, /list/, /read c/]);
	await expect(his.queue.nth(2).getByRole("button", { name: /^Move the prompt of/ })).toBeFocused();
	await hers.queue
		.nth(3)
		.getByRole("button", { name: /^Move the prompt of/ })
		.dragTo(hers.queue.nth(0), { targetPosition: { x: 40, y: 4 } });
	await expect(his.queue).toHaveText([/read c/, /read a/, /read b/, /list/]);

	await hers.queueMenu(3, "Edit");
	await ada.page.getByRole("textbox", { name: "Edit the prompt" }).fill("list the files");
	await ada.page.getByRole("button", { name: "Save" }).click();
	await expect(his.queue.nth(3)).toContainText(`Edited by ${ada.name}`);
	await hers.queueMenu(0, "Remove");
	await expect(his.queue).toHaveText([/read a/, /read b/, /list the files/]);

	await ada.page.getByRole("tabpanel").getByRole("button", { name: "Pause" }).click();
	await expect(bob.page.getByText(`${ada.name} paused the queue.`)).toBeVisible();
	await expectAccessible(ada.page);
	await his.queue
		.nth(2)
		.getByRole("button", { name: /^Send now/ })
		.click();
	await expect(hers.transcript).toContainText(`Stopped by ${bob.name}.`);
	await expect(hers.queue).toHaveText([/read a/, /read b/]);
	await expect(hers.question).toHaveCount(0);
	await bob.page.getByRole("tabpanel").getByRole("button", { name: "Resume" }).click();
	await expect(ada.page.getByText("paused the queue.")).toHaveCount(0);
	await expect(hers.queue).toHaveCount(0, { timeout: 30_000 });
	await hers.isReady();
});

test("words of an edit that came too late are kept, and can be queued", async ({ person }) => {
	const ada = await person("Ada");
	const hers = new WorkspacePage(ada.page);
	await hers.create(`late ${suffix()}`);
	await hers.ask("create one.txt containing: 1");
	await expect(hers.question).toBeVisible({ timeout: 30_000 });
	await hers.ask("list");
	await ada.page.getByRole("tab", { name: /^Queue/ }).click();
	await hers.queueMenu(0, "Edit");
	await ada.page.getByRole("textbox", { name: "Edit the prompt" }).fill("read one.txt");
	await hers.answer("Allow");
	const kept = ada.page.getByRole("alert").filter({ hasText: "This prompt is not waiting any more." });
	await expect(kept).toContainText("read one.txt", { timeout: 30_000 });
	await kept.getByRole("button", { name: "Queue it as a new prompt" }).click();
	await expect(hers.transcript.getByRole("article", { name: "Prompt" })).toHaveCount(3, { timeout: 30_000 });
	await hers.isReady();
});

test("two people decide, what they remember is listed and taken back, and the log says who did what", async ({
	person,
}) => {
	test.slow(); // three turns
	const { ada, bob, hers, his } = await twoIn("decided", person);
	await hers.openPolicy();
	await ada.page.getByRole("menuitemradio", { name: "Two people" }).click();
	await ada.page.keyboard.press("Escape");
	await his.ask("create one.txt containing: 1");
	await expect(his.question).toContainText("Two people have to say yes.", { timeout: 30_000 });
	for (const [mine, other] of [
		[his, hers],
		[hers, his],
	] as const) {
		await mine.question.getByRole("checkbox", { name: "Remember a yes for" }).check();
		await mine.question.getByRole("combobox").selectOption("every edit");
		await mine.answer("Allow");
		if (mine === his) await expect(other.question).toContainText(`1 of 2${bob.name} said yes.`);
	}
	await his.isReady();
	await expect(his.transcript).toContainText(`${bob.name} and ${ada.name} answered “Allow”`);
	await his.ask("create two.txt containing: 2");
	await expect(his.transcript).toContainText("by what", { timeout: 30_000 });
	await his.isReady();

	await his.openPolicy();
	await bob.page.getByRole("menuitem", { name: "Remembered answers and log" }).click();
	const sheet = bob.page.getByRole("dialog", { name: "Answers to the agent" });
	await expect(sheet.getByRole("list", { name: "Remembered answers" })).toContainText(
		`Every editAllowed by ${bob.name} and ${ada.name}`,
	);
	await expect(sheet.getByRole("list", { name: "What was decided" }).getByRole("listitem")).toHaveCount(5);
	await expectAccessible(bob.page);
	await sheet.getByRole("button", { name: /^Take back/ }).click();
	await expect(sheet).toContainText("Nothing. Every question of the agent is asked.");
	await expect(sheet.getByRole("list", { name: "What was decided" })).toContainText(
		`${bob.name} took back: Every edit`,
	);
});

test("[phone] queue, question and answers are there for a thumb, without sideways scrolling", async ({ person }) => {
	const ada = await person("Ada", { ...PHONE, colorScheme: "dark" });
	const hers = new WorkspacePage(ada.page);
	await ada.page.getByRole("button", { name: "Open sidebar" }).click();
	await hers.create(`thumb ${suffix()}`);
	const ask = async (text: string) => {
		await hers.prompt.fill(text);
		await ada.page.getByRole("button", { name: "Send", exact: true }).click();
	};
	await ask("create one.txt containing: 1");
	await expect(hers.question).toBeVisible({ timeout: 30_000 });
	const isWide = () => ada.page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
	await ask("list");
	expect(await isWide()).toBe(false);
	await ada.page.getByRole("button", { name: "Side panel" }).click();
	await ada.page.getByRole("tab", { name: /^Queue/ }).click();
	await hers.queueMenu(0, "Edit");
	await expect(ada.page.getByRole("textbox", { name: "Edit the prompt" })).toBeFocused();
	await expectAccessible(ada.page);
	expect(await isWide()).toBe(false);
});
