import { RoomPage } from "../room-page.ts";
import { expect, expectAccessible, newRoom, suffix, test } from "../test.ts";

test("a word is found in one's own rooms alone, narrowed to one of them, and opened where it was said", async ({
	person,
}) => {
	const [mine, theirs, word] = [newRoom("orchard"), newRoom("cellar"), `quince${suffix()}`];
	const [ada, bob] = await Promise.all([person("Ada"), person("Bob")]);
	const [hers, his] = [new RoomPage(ada.page), new RoomPage(bob.page)];
	const sayInTwoRooms = async () => {
		await hers.takePart("general");
		await hers.send("general", `who likes ${word}?`);
		await hers.open(mine);
		await hers.send(mine, `the ${word} is ripe`);
		await hers.shows([`the ${word} is ripe`]);
	};
	const saySecretly = async () => {
		await bob.page.getByRole("button", { name: "Open room" }).click();
		await bob.page.getByRole("combobox", { name: "Room name" }).fill(theirs);
		await bob.page.getByRole("option", { name: "Create a private room" }).click();
		await bob.page.getByRole("dialog").getByRole("button", { name: "Create room" }).click();
		await his.send(theirs, `a secret ${word}`);
		await his.shows([`a secret ${word}`]);
	};
	await Promise.all([sayInTwoRooms(), saySecretly()]);

	await ada.page.getByRole("button", { name: "Open room" }).click();
	await ada.page.getByRole("combobox", { name: "Room name" }).fill(word);
	await ada.page.getByRole("option", { name: `Search messages for “${word}”` }).click();
	const field = ada.page.getByRole("searchbox", { name: "Search messages" });
	await expect(field).toHaveValue(word);
	const found = ada.page.getByRole("region", { name: "Found messages" });
	// What was just said is found a moment later: whoever is too soon asks again.
	await expect(async () => {
		if ((await found.getByRole("link").count()) !== 2) await ada.page.reload();
		await expect(found.getByRole("link")).toHaveCount(2, { timeout: 1_500 });
	}).toPass();
	await expect(found.getByRole("link").first()).toContainText(`the ${word} is ripe`);
	await expect(found.locator("mark")).toHaveText([word, word]);
	await expect(found).not.toContainText("secret");
	await expectAccessible(ada.page);

	await ada.page.getByRole("combobox", { name: "In" }).selectOption(mine);
	await expect(field).toHaveValue(`${word} in:${mine}`);
	await expect(found.getByRole("link")).toHaveCount(1);
	await expect(field).toBeFocused();
	await ada.page.keyboard.press("ArrowDown");
	await ada.page.keyboard.press("Enter");
	await expect(ada.page).toHaveURL(/\/r\/[^?]+\?m=1$/);
	await expect(hers.message(`the ${word} is ripe`)).toBeInViewport();
});
