import { type Bot, startBot } from "@bullpen/client/bot";
import { connectBullpen } from "@bullpen/client/bullpen";
import { signInWithName } from "@bullpen/client/sign-in";
import { Person } from "../person.ts";
import { RoomPage } from "../room-page.ts";
import { publicUrl } from "../stack.ts";
import { expect, expectAccessible, newRoom, suffix, test } from "../test.ts";

/** Whoever came first owns the server, and signs in by their name as everybody does here. */
async function ownerName(name: string): Promise<string> {
	const bullpen = await connectBullpen({ url: publicUrl(), fetch: await signInWithName(publicUrl(), name) });
	const directory = bullpen.directory();
	await directory.loaded();
	const owner = directory.store.getSnapshot().people.find(({ role }) => role === "owner");
	bullpen.close();
	return owner?.name ?? name;
}

test("an owner makes a bot, a room takes it in, it answers words and commands, and is gone when its token is", async ({
	person,
	browser,
}) => {
	const [room, name] = [newRoom("robots"), `Robot ${suffix()}`];
	const ada = await person("Ada");
	const owner = new Person(await ownerName(ada.name), await browser.newContext());
	let bot: Bot | undefined;
	try {
		await owner.signIn("/bots");
		await owner.page.getByRole("button", { name: "New bot" }).click();
		await owner.page.getByRole("textbox", { name: "Name" }).fill(name);
		await owner.page.getByRole("checkbox", { name: /^Commands/ }).check();
		await owner.page.getByRole("button", { name: "Make bot" }).click();
		const token = await owner.page.getByRole("textbox", { name: "Token" }).inputValue();
		await owner.page.getByRole("button", { name: "Done" }).click();
		await expectAccessible(owner.page);

		bot = await startBot({
			url: publicUrl(),
			token,
			onMessage: ({ isForMe, text, reply }) => (isForMe ? reply(`You said ${text}.`) : undefined),
			commands: [{ name: "deploy", description: "Ships a site", hint: "site" }],
			onCommand: ({ args, reply }) => reply(`Shipping ${args}.`),
		});
		const hers = new RoomPage(ada.page);
		await hers.open(room);
		await ada.page.getByRole("button", { name: /^People: / }).click();
		await ada.page.getByRole("button", { name: "Add people" }).click();
		await ada.page.getByRole("combobox", { name: "People" }).fill(name);
		await ada.page.keyboard.press("Enter");
		await ada.page.getByRole("button", { name: "Invite", exact: true }).click();
		await hers.composer(room).pressSequentially(`@${name}`);
		await ada.page.keyboard.press("Enter");
		await hers.composer(room).pressSequentially("hello");
		await ada.page.keyboard.press("Enter");
		const answer = hers.message("You said hello.");
		await expect(answer).toBeVisible();
		await expect(answer.getByText("Bot", { exact: true })).toBeVisible();

		await hers.composer(room).pressSequentially("/dep");
		await expect(ada.page.getByRole("option", { name: /\/deploy site/ })).toBeVisible();
		await ada.page.keyboard.press("Tab");
		await hers.composer(room).pressSequentially("acme.com");
		await ada.page.keyboard.press("Enter");
		await expect(hers.message("Shipping acme.com.")).toBeVisible();
		await hers.send(room, "/destroy everything");
		await expect(ada.page.getByRole("alert").filter({ hasText: "/destroy" })).toBeVisible();
		await expect(hers.composer(room)).toHaveValue("/destroy everything");
		await expect(hers.messages.getByText("everything")).toHaveCount(0);

		await owner.page.getByRole("button", { name: new RegExp(`^${name}|${name}`) }).click();
		await owner.page.getByRole("button", { name: "Withdraw" }).click();
		const withdrawn = owner.page.getByRole("alertdialog").getByRole("button", { name: "Withdraw" });
		await Promise.all([withdrawn.click(), expect(bot.refused).resolves.toMatchObject({ code: "unauthenticated" })]);
	} finally {
		bot?.close();
		await owner.context.close();
	}
	expect(owner.complaints).toEqual([]);
});
