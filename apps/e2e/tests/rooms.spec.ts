import { RoomPage } from "../room-page.ts";
import { expect, newRoom, test } from "../test.ts";

test("two people talk in general and see each other at once", async ({ person }) => {
	const [ada, bob] = await Promise.all([person("Ada"), person("Bob")]);
	const [hers, his] = [new RoomPage(ada.page), new RoomPage(bob.page)];
	await expect(ada.page).toHaveURL(/\/r\/general$/);

	for (const each of [hers, his]) await each.takePart("general");
	const hello = `hello from ${ada.name}`;
	await hers.send("general", hello);
	await hers.shows([hello]);
	await his.shows([hello]);

	await his.composer("general").pressSequentially("on my w");
	await expect(ada.page.getByRole("status", { name: "Typing" })).toHaveText(`${bob.name} is typing…`);
	await his.composer("general").fill(`and from ${bob.name}`);
	await his.composer("general").press("Enter");
	await hers.shows([hello, `and from ${bob.name}`]);
	await expect(ada.page.getByRole("status", { name: "Typing" })).toHaveText("");
});

test("who is here is seen, and a reload is no leaving", async ({ person }) => {
	const room = newRoom("presence");
	const ada = await person("Ada");
	await new RoomPage(ada.page).open(room);
	const people = ada.page.getByRole("button", { name: /^People: / });
	await expect(people).toHaveAccessibleName("People: 1 member, 1 here");
	const bob = await person("Bob");
	await new RoomPage(bob.page).join(room);
	await expect(people).toHaveAccessibleName("People: 2 members, 2 here");

	const seen: string[] = [];
	await ada.page.exposeFunction("noteLabel", (label: string) => seen.push(label));
	await people.evaluate((button) => {
		new MutationObserver(() => Reflect.get(window, "noteLabel")(button.ariaLabel)).observe(button, {
			attributes: true,
		});
	});
	await bob.page.reload();
	await bob.isConnected();
	expect(seen).toEqual([]);
	await bob.context.close();
	await expect(people).toHaveAccessibleName("People: 2 members, 1 here");
});

test("a new name makes a room, and the same name finds it", async ({ person }) => {
	const room = newRoom("deploys");
	const [ada, bob] = await Promise.all([person("Ada"), person("Bob")]);
	await new RoomPage(ada.page).open(room);
	await expect(new RoomPage(ada.page).composer(room)).toBeFocused();
	await new RoomPage(ada.page).send(room, "first!");
	await new RoomPage(bob.page).join(room.toUpperCase());
	expect(bob.page.url()).toBe(ada.page.url());
	await new RoomPage(bob.page).shows(["first!"]);
});

test("messages are edited, reacted to and deleted for everybody", async ({ person }) => {
	const room = newRoom("edits");
	const ada = await person("Ada");
	const hers = new RoomPage(ada.page);
	await hers.open(room);
	await hers.send(room, "tpyo");
	const bob = await person("Bob");
	const his = new RoomPage(bob.page);
	await his.join(room);

	await hers.message("tpyo").hover();
	await ada.page.getByRole("button", { name: "Edit message" }).click();
	await ada.page.getByRole("textbox", { name: "Edit message" }).fill("typo");
	await ada.page.getByRole("textbox", { name: "Edit message" }).press("Enter");
	await expect(his.message("typo")).toContainText("edited");

	await his.message("typo").hover();
	await bob.page.getByRole("button", { name: "Add reaction" }).click();
	await bob.page.getByRole("button", { name: "rocket" }).click();
	await expect(ada.page.getByRole("button", { name: `🚀 1, ${bob.name}` })).toBeVisible();
	await ada.page.getByRole("button", { name: `🚀 1, ${bob.name}` }).click();
	await expect(bob.page.getByRole("button", { name: /^🚀 2, / })).toHaveAttribute("aria-pressed", "true");

	await hers.message("typo").hover();
	await ada.page.getByRole("button", { name: "Delete message" }).click();
	await ada.page.getByRole("alertdialog").getByRole("button", { name: "Delete" }).click();
	await expect(bob.page.getByText("Message deleted")).toBeVisible();
	await expect(his.message("typo")).toHaveCount(0);
});

test("a long history loads as one scrolls up, and new messages do not pull one down", async ({ person }) => {
	const room = newRoom("history");
	const ada = await person("Ada");
	const hers = new RoomPage(ada.page);
	await hers.open(room);
	for (let i = 1; i <= 18; i++) await hers.send(room, `line ${i};\n${"paragraph\n".repeat(8)}`);
	await expect(hers.messages.getByText("line 18;")).toBeVisible();
	await hers.messages.press("Home");
	await hers.messages.evaluate((log) => log.scrollTo(0, 0));
	await expect(hers.messages.getByText("line 1;")).toBeVisible();

	const bob = await person("Bob");
	const his = new RoomPage(bob.page);
	await his.join(room);
	await his.send(room, "are you there?");
	await expect(ada.page.getByRole("button", { name: "1 new message" })).toBeVisible();
	await ada.page.getByRole("button", { name: "1 new message" }).click();
	await expect(hers.message("are you there?")).toBeInViewport();
});

test("somebody who sends too fast is told how long to wait, and nothing is lost", async ({ person }) => {
	const room = newRoom("hurry");
	const ada = await person("Ada");
	const hers = new RoomPage(ada.page);
	await hers.open(room);
	const texts = Array.from({ length: 14 }, (_, i) => `quick ${i + 1};`);
	for (const text of texts) {
		await hers.composer(room).fill(text);
		await hers.composer(room).press("Enter");
	}
	await hers.shows(texts);
	await expect(ada.page.getByRole("article", { name: "Sending your message" })).toHaveCount(0);
});
