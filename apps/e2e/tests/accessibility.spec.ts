import { RoomPage } from "../room-page.ts";
import { expect, expectAccessible, newRoom, test } from "../test.ts";

for (const colorScheme of ["light", "dark"] as const) {
	test(`the way in is accessible, ${colorScheme}`, async ({ browser }) => {
		const context = await browser.newContext({ colorScheme });
		const page = await context.newPage();
		await page.goto("/");
		await expect(page.getByRole("textbox", { name: "Your name" })).toBeVisible();
		await expectAccessible(page);
		await context.close();
	});

	test(`a room is accessible, ${colorScheme}`, async ({ person }) => {
		const room = newRoom("axe");
		const ada = await person("Ada", { colorScheme });
		const hers = new RoomPage(ada.page);
		await hers.open(room);
		await hers.send(room, "**bold**, `code`, a [link](https://example.com)\n\n```ts\nconst a = 1;\n```\n\n> quoted");
		await expect(hers.messages.getByText("quoted")).toBeVisible();
		await expectAccessible(ada.page);
		await ada.page.getByRole("button", { name: /^People: / }).click();
		await hers.messages.getByText("quoted").hover();
		await expectAccessible(ada.page);
		await ada.page.getByRole("button", { name: "Open room" }).click();
		await expect(ada.page.getByRole("combobox", { name: "Room name" })).toBeVisible();
		await expectAccessible(ada.page);
	});
}
