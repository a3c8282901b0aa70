import { tabTo } from "../keyboard.ts";
import { RoomPage } from "../room-page.ts";
import { expect, newRoom, test } from "../test.ts";

test("a room is opened, read, written in and edited with the keyboard alone", async ({ person }) => {
	const room = newRoom("keys");
	const ada = await person("Ada");
	const { keyboard } = ada.page;
	const hers = new RoomPage(ada.page);

	await tabTo(ada.page, "button", "Open room");
	await keyboard.press("Enter");
	await expect(ada.page.getByRole("combobox", { name: "Room name" })).toBeFocused();
	await keyboard.type(room);
	await keyboard.press("Enter");
	await expect(hers.composer(room)).toBeFocused();
	await keyboard.type("first");
	await keyboard.press("Shift+Enter");
	await keyboard.type("second line");
	await keyboard.press("Enter");
	await expect(hers.messages.getByText("second line")).toBeVisible();

	await keyboard.press("ArrowUp");
	await expect(ada.page.getByRole("textbox", { name: "Edit message" })).toBeFocused();
	await keyboard.press("ControlOrMeta+a");
	await keyboard.type("better");
	await keyboard.press("Enter");
	await expect(hers.message("better")).toContainText("edited");
	await hers.composer(room).focus();
	await keyboard.type("last");
	await keyboard.press("Enter");
	await hers.shows(["better", "last"]);

	await tabTo(ada.page, "article", new RegExp(`^${ada.name}, `), "Shift+Tab");
	await keyboard.press("ArrowUp");
	await expect(hers.message("better")).toBeFocused();
});
