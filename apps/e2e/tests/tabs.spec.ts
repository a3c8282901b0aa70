import type { Page } from "@playwright/test";
import { RoomPage } from "../room-page.ts";
import { expect, newRoom, test } from "../test.ts";

test("two tabs of one person show the same, and count as one person", async ({ person }) => {
	const room = newRoom("tabs");
	const ada = await person("Ada");
	const first = new RoomPage(ada.page);
	await first.open(room);
	const second = new RoomPage(await ada.newTab(ada.page.url()));
	await second.send(room, "from the second tab");
	await first.send(room, "from the first tab");
	for (const tab of [first, second]) await tab.shows(["from the second tab", "from the first tab"]);
	await expect(ada.page.getByRole("button", { name: /^People: / })).toHaveAccessibleName("People: 1 member, 1 here");
});

test("signing out in one tab signs out the others, and leaves no draft of theirs behind", async ({ person }) => {
	const room = newRoom("shared computer");
	const ada = await person("Ada");
	const first = new RoomPage(ada.page);
	await first.open(room);
	const other = await ada.newTab(ada.page.url());
	const words = "nobody else's business";
	await new RoomPage(other).composer(room).fill(words);
	await expect(first.composer(room)).toHaveText(words);
	const kept = () => other.evaluate(() => JSON.stringify(Object.values({ ...localStorage })));
	expect(await kept()).toContain(words);

	await ada.page.getByRole("button", { name: /^You: / }).hover(); // its menu is fetched before it is asked for
	await ada.page.waitForLoadState("networkidle");
	ada.mayLoseServer();
	await ada.context.setOffline(true);
	await signOut(ada.page);
	await expect(ada.page.getByRole("status", { name: "Notices" })).toContainText("You are still signed in.");
	await ada.context.setOffline(false);
	await ada.isConnected();
	ada.hasServer();

	await signOut(ada.page);
	for (const tab of [ada.page, other]) await expect(tab).toHaveURL(/\/sign-in$/);
	expect(await kept()).not.toContain(words);
	await other.goBack();
	await expect(other).toHaveURL(/\/sign-in\?to=/);
});

test("signing out everywhere ends every browser of that person at once", async ({ person, browser }) => {
	const ada = await person("Ada");
	const pocket = await browser.newContext({ storageState: await ada.context.storageState() });
	const phone = await pocket.newPage();
	await phone.goto("/");
	await expect(phone.getByRole("status", { name: "Connection" })).toHaveText("Connected");
	ada.mayHear(/^Failed to load resource: the server responded with a status of 401/); // it asks once more before it leaves
	await signOut(ada.page, "Sign out everywhere…");
	const confirm = ada.page.getByRole("alertdialog", { name: "Sign out everywhere?" });
	await confirm.getByRole("button", { name: "Sign out everywhere" }).click();
	await expect(ada.page).toHaveURL(/\/sign-in$/);
	await expect(phone.getByRole("alert").filter({ hasText: "You are signed out." })).toBeVisible();
	await pocket.close();
});

async function signOut(page: Page, choice = "Sign out"): Promise<void> {
	await page.getByRole("button", { name: /^You: / }).click();
	await page.getByRole("menuitem", { name: choice, exact: true }).click();
}

test("what is written offline is sent once the network is back, and what was missed is there", async ({ person }) => {
	const room = newRoom("train");
	const ada = await person("Ada");
	const bob = await person("Bob");
	const [hers, his] = [new RoomPage(ada.page), new RoomPage(bob.page)];
	await hers.open(room);
	await his.join(room);

	ada.mayLoseServer();
	await ada.context.setOffline(true);
	await expect(ada.page.getByRole("status", { name: "Connection" })).toHaveText("Offline");
	await hers.send(room, "written in a tunnel");
	await expect(ada.page.getByRole("article", { name: "Sending your message" })).toBeVisible();
	await his.send(room, "said meanwhile");
	// What was not fetched yet is out of reach. The page goes on without it, and React says so in the console.
	ada.mayHear(/^Unreachable: This part could not be loaded/);
	const newMessage = ada.page.getByRole("button", { name: "New message" });
	await newMessage.click();
	await expect(ada.page.getByRole("status", { name: "Notices" })).toContainText("could not be loaded");
	await expect(hers.message("written in a tunnel")).toBeVisible();
	await ada.context.setOffline(false);
	await ada.isConnected();
	ada.hasServer();

	for (const room of [hers, his]) await room.shows(["said meanwhile", "written in a tunnel"]);
	await newMessage.click();
	await expect(ada.page.getByRole("dialog", { name: "New message" })).toBeVisible();
});
