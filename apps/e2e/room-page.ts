import { expect, type Locator, type Page } from "@playwright/test";

/** A room as somebody sees it. */
export class RoomPage {
	readonly page: Page;
	readonly messages: Locator;

	constructor(page: Page) {
		this.page = page;
		this.messages = page.getByRole("log", { name: "Messages" });
	}

	composer(room: string): Locator {
		return this.page.getByRole("textbox", { name: `Message #${room}` });
	}

	/** A message by its whole text. */
	message(text: string): Locator {
		return this.messages.getByRole("article").filter({ has: this.page.getByText(text, { exact: true }) });
	}

	async send(room: string, text: string): Promise<void> {
		await this.composer(room).fill(text);
		await this.page.getByRole("button", { name: "Send", exact: true }).click();
	}

	/** Finds or makes a room by its name, and is in it. */
	async open(room: string): Promise<void> {
		await this.page.getByRole("button", { name: "Open room" }).click();
		await this.page.getByRole("combobox", { name: "Room name" }).fill(room);
		await this.page.keyboard.press("Enter");
		await expect(this.page.getByRole("heading", { name: room, level: 1 })).toBeVisible();
	}

	/** Goes to a room that the sidebar or the switcher lists, and is in it. */
	async join(room: string): Promise<void> {
		await this.open(room);
		await this.takePart(room);
	}

	/** Joins the room that is shown, where that takes an act of its own. */
	async takePart(room: string): Promise<void> {
		const join = this.page.getByRole("button", { name: "Join room" });
		await expect(join.or(this.composer(room))).toBeVisible();
		if (await join.isVisible()) await join.click();
		await expect(this.composer(room)).toBeVisible();
	}

	/** Each of these texts exactly once and in this order, whatever else is there. */
	async shows(texts: readonly string[]): Promise<void> {
		await expect
			.poll(async () => {
				const shown = await this.messages.getByRole("article").allTextContents();
				return shown.flatMap((each) => texts.filter((text) => each.includes(text)));
			})
			.toEqual(texts);
	}
}
