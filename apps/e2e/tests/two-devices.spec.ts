import type { Page } from "@playwright/test";
import { RoomPage } from "../room-page.ts";
import { isBack, killPart } from "../stack.ts";
import { expect, newRoom, test } from "../test.ts";

/** What died is started again, and everybody finds it. */
const RECOVERY_MS = 45_000;

test.describe.configure({ timeout: 120_000 });

test("unread, drafts and threads are the same on two devices, through offline and kill -9 of rooms", async ({
	person,
	browser,
}) => {
	const room = newRoom("devices");
	const [ada, bob] = await Promise.all([person("Ada"), person("Bob")]);
	const [hers, his] = [new RoomPage(ada.page), new RoomPage(bob.page)];
	await hers.open(room);
	await hers.send(room, "who is in?");
	await his.join(room);
	const laptop = ada.page;
	const pocket = await browser.newContext({ storageState: await ada.context.storageState() });
	const phone = await pocket.newPage();
	await Promise.all([goHome(laptop), phone.goto("/home")]);
	const listed = (page: Page) => page.getByRole("navigation").getByRole("link", { name: new RegExp(`^${room}`) });
	const both = [laptop, phone];
	const shows = (pages: readonly Page[], name: RegExp) =>
		Promise.all(pages.map((page) => expect(listed(page)).toHaveAccessibleName(name, { timeout: RECOVERY_MS })));

	await his.send(room, "one");
	await shows(both, /1 unread/);
	await pocket.setOffline(true);
	await his.send(room, "two");
	await shows([laptop], /2 unread/);
	for (const each of [ada, bob]) each.mayLoseServer();
	const killed = killPart("rooms");
	await his.send(room, "three");
	await isBack("rooms", killed);
	await pocket.setOffline(false);
	await shows(both, /3 unread/);
	for (const each of [ada, bob]) await each.isConnected();
	for (const each of [ada, bob]) each.hasServer();

	await listed(laptop).click();
	await hers.composer(room).fill("half a thought");
	await shows(both, new RegExp(`^${room}.*draft`));
	await expect(listed(phone)).not.toHaveAccessibleName(/unread/);
	await listed(phone).click();
	await expect(new RoomPage(phone).composer(room)).toHaveValue("half a thought");
	await phone.getByRole("button", { name: "Send", exact: true }).click();
	await expect(hers.composer(room)).toHaveValue("");
	await his.shows(["half a thought"]);

	await Promise.all(both.map(goHome));
	await his.message("who is in?").hover();
	await his.message("who is in?").getByRole("button", { name: "Reply in thread" }).click();
	await bob.page.getByRole("textbox", { name: "Reply in this thread" }).fill("me");
	await bob.page.keyboard.press("Enter");
	const waiting = (page: Page) => page.getByRole("region", { name: "Threads" }).getByRole("link", { name: "me" });
	await Promise.all(both.map((page) => expect(waiting(page)).toBeVisible()));
	await waiting(laptop).click();
	await expect(laptop.getByRole("log", { name: "Thread" }).getByText("me", { exact: true })).toBeVisible();
	await expect(waiting(phone)).toHaveCount(0);
	await pocket.close();
});

async function goHome(page: Page): Promise<void> {
	await page.getByRole("navigation").getByRole("link", { name: /^Home/ }).click();
	await expect(page.getByRole("heading", { name: "Home", level: 1 })).toBeVisible();
}
