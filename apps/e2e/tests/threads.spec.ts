import { tabTo } from "../keyboard.ts";
import { RoomPage } from "../room-page.ts";
import { expect, expectAccessible, newRoom, test } from "../test.ts";

test("a thread, a mention, a pin, an answer and an edit made while somebody was away, by keyboard alone", async ({
	person,
}) => {
	const room = newRoom("threads");
	const [ada, bob] = [await person("Ada"), await person("Bob")];
	const [hers, his] = [new RoomPage(ada.page), new RoomPage(bob.page)];
	const [adaKeys, bobKeys] = [ada.page.keyboard, bob.page.keyboard];
	await hers.open(room);
	await hers.composer(room).focus();
	await adaKeys.type("wich one?");
	await adaKeys.press("Enter");
	await his.join(room);
	await his.shows(["wich one?"]);

	await his.composer(room).focus();
	await tabTo(bob.page, "article", new RegExp(`^${ada.name}, `), "Shift+Tab");
	await tabTo(bob.page, "button", "Reply in thread");
	await bobKeys.press("Enter");
	const reply = bob.page.getByRole("textbox", { name: "Reply in this thread" });
	await expect(reply).toBeFocused();
	await bobKeys.type(`the left one, @${ada.name.slice(0, 5)}`);
	const choices = bob.page.getByRole("listbox", { name: "People to mention" });
	await expect(choices.getByRole("option", { name: ada.name })).toHaveAttribute("aria-selected", "true");
	await bobKeys.press("Enter");
	await expect(choices).toHaveCount(0);
	await bobKeys.press("Enter");
	await expect(bob.page.getByRole("log", { name: "Thread" }).getByText(`@${ada.name}`)).toBeVisible();
	await expectAccessible(bob.page);

	const line = ada.page.getByRole("button", { name: /^1 reply/ });
	await expect(line).toBeVisible();
	await expect(hers.messages.getByText("the left one")).toHaveCount(0);
	await hers.composer(room).focus();
	await tabTo(ada.page, "article", new RegExp(`^${ada.name}, `), "Shift+Tab");
	await tabTo(ada.page, "button", "Pin message");
	await adaKeys.press("Enter");
	await expect(bob.page.getByRole("button", { name: "Pinned messages: 1" })).toBeVisible();

	bob.mayLoseServer();
	await bob.context.setOffline(true);
	await expect(bob.page.getByRole("status", { name: "Connection" })).toHaveText("Offline");
	await hers.composer(room).focus();
	await adaKeys.press("ArrowUp");
	await expect(ada.page.getByRole("textbox", { name: "Edit message" })).toBeFocused();
	await adaKeys.press("ControlOrMeta+a");
	await adaKeys.type("which one?");
	await adaKeys.press("Enter");
	await expect(hers.messages.getByText("which one?")).toBeVisible();
	await hers.composer(room).focus();
	await tabTo(ada.page, "article", new RegExp(`^${ada.name}, `), "Shift+Tab");
	await tabTo(ada.page, "button", "Reply with quote");
	await adaKeys.press("Enter");
	await expect(hers.composer(room)).toBeFocused();
	await adaKeys.type("never mind");
	await adaKeys.press("Enter");
	await bob.context.setOffline(false);
	await bob.isConnected();
	bob.hasServer();

	const question = his.messages.getByRole("article").filter({ hasText: "which one?" }).first();
	await expect(question).toContainText("edited");
	const answer = his.messages.getByRole("article").filter({ hasText: "never mind" });
	await expect(answer.getByRole("button", { name: /which one\?/ })).toBeVisible();
	await expect(his.messages.getByText("wich one?")).toHaveCount(0);

	await tabTo(bob.page, "button", "Pinned messages: 1");
	await bobKeys.press("Enter");
	await tabTo(bob.page, "button", "Jump to it");
	await bobKeys.press("Enter");
	await expect(question).toBeInViewport();
});
