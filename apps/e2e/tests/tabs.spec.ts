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
