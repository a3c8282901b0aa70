import type { Page } from "@playwright/test";
import type { Person } from "../person.ts";
import { RoomPage } from "../room-page.ts";
import { expect, expectAccessible, newRoom, test } from "../test.ts";

/** Opens the dialog and chooses whom to write to, up to the last button. */
async function chooseToWriteTo({ page }: Person, ...names: readonly string[]): Promise<void> {
	await page.getByRole("button", { name: "New message" }).first().click();
	const to = page.getByRole("combobox", { name: "To" });
	for (const name of names) {
		await to.fill(name);
		await page.getByRole("option", { name }).click();
	}
}

test("two people who write to each other at the same time are in one room, and nobody else is", async ({ person }) => {
	const [ada, bob, cyn] = await Promise.all([person("Ada"), person("Bob"), person("Cyn")]);
	await Promise.all([chooseToWriteTo(ada, bob.name), chooseToWriteTo(bob, ada.name)]);
	await expectAccessible(ada.page);
	await Promise.all(
		[ada, bob].map(({ page }) => page.getByRole("dialog").getByRole("button", { name: "Open" }).click()),
	);
	await expect(ada.page.getByRole("heading", { name: bob.name, level: 1 })).toBeVisible();
	await expect(bob.page.getByRole("heading", { name: ada.name, level: 1 })).toBeVisible();
	expect(new URL(ada.page.url()).pathname).toBe(new URL(bob.page.url()).pathname);

	await ada.page.getByRole("textbox", { name: `Message ${bob.name}` }).fill("only for you");
	await ada.page.keyboard.press("Enter");
	await new RoomPage(bob.page).shows(["only for you"]);
	await expect(bob.page.getByRole("navigation").getByRole("link", { name: ada.name })).toBeVisible();

	await cyn.page.goto(new URL(ada.page.url()).pathname);
	await expect(cyn.page.getByRole("heading", { name: "This room is not open to you" })).toBeVisible();

	await chooseToWriteTo(cyn, ada.name, bob.name);
	await cyn.page.getByRole("dialog").getByRole("button", { name: "Open" }).click();
	await expect(cyn.page.getByRole("button", { name: "People: 3 members, 1 here" })).toBeVisible();
});

test("a private room: invited, removed while looking at it, let in by a link, banned and let back", async ({
	person,
}) => {
	const room = newRoom("plans");
	const [ada, bob] = await Promise.all([person("Ada"), person("Bob")]);
	await ada.page.getByRole("button", { name: "Open room" }).click();
	await ada.page.getByRole("combobox", { name: "Room name" }).fill(room);
	await ada.page.getByRole("option", { name: "Create a private room" }).click();
	await ada.page.getByRole("textbox", { name: "Topic" }).fill("Nobody knows");
	await expect(ada.page.getByRole("radio", { name: /^By invitation/ })).toBeChecked();
	await ada.page.getByRole("button", { name: "Create room" }).click();
	await expect(ada.page.getByRole("heading", { name: room, level: 1 })).toBeVisible();
	const [hers, his] = [new RoomPage(ada.page), new RoomPage(bob.page)];
	await hers.send(room, "first words");

	await openPeople(ada.page);
	await ada.page.getByRole("button", { name: "Add people" }).click();
	await ada.page.getByRole("combobox", { name: "People" }).fill(bob.name);
	await ada.page.getByRole("option", { name: bob.name }).click();
	await ada.page.getByRole("button", { name: "Invite", exact: true }).click();
	await bob.page.getByRole("navigation").getByRole("link", { name: room }).click();
	await his.takePart(room);
	await his.shows(["first words"]);

	const about = async ({ name }: Person, item: string): Promise<void> => {
		await ada.page.getByRole("button", { name: `More about ${name}` }).click();
		await ada.page.getByRole("menuitem", { name: item }).click();
	};
	await about(bob, "Remove from the room…");
	await ada.page.getByRole("alertdialog").getByRole("button", { name: "Remove" }).click();
	await expect(bob.page.getByRole("heading", { name: "This room is not open to you" })).toBeVisible();
	await expect(ada.page.getByRole("button", { name: `More about ${bob.name}` })).toHaveCount(0);
	await hers.send(room, "not for him");

	await ada.page.getByRole("button", { name: "Room settings" }).click();
	const settings = ada.page.getByRole("dialog", { name: "Room settings" });
	await settings.getByRole("button", { name: "Make a link" }).click();
	const link = await settings.getByRole("textbox", { name: "Link" }).inputValue();
	await expect(settings.getByText(`${ada.name} removed ${bob.name}`)).toBeVisible();
	await expectAccessible(ada.page);
	await settings.getByRole("button", { name: "Close" }).click();

	const cyn = await person("Cyn", { path: new URL(link).pathname + new URL(link).hash });
	await cyn.page.goto(link);
	await cyn.page.getByRole("button", { name: "Join room" }).click();
	await new RoomPage(cyn.page).shows(["first words", "not for him"]);
	await bob.page.goto(link);
	await bob.page.getByRole("button", { name: "Join room" }).click();
	await expect(bob.page.getByRole("heading", { name: "This link does not work any more" })).toBeVisible();

	await about(cyn, "Ban…");
	await ada.page.getByRole("alertdialog").getByRole("button", { name: "Ban" }).click();
	await expect(cyn.page.getByRole("heading", { name: "This room is not open to you" })).toBeVisible();
	await about(cyn, "Lift the ban");
	await expect(ada.page.getByRole("heading", { name: /^Banned/ })).toHaveCount(0);
	await cyn.page.goto(link);
	await cyn.page.getByRole("button", { name: "Join room" }).click();
	await new RoomPage(cyn.page).shows(["first words"]);
});

const openPeople = (page: Page): Promise<void> => page.getByRole("button", { name: /^People: / }).click();
