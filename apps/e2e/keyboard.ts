import type { Page } from "@playwright/test";

/** Presses Tab until something has the focus. @throws when a full round does not reach it. */
export async function tabTo(
	page: Page,
	role: "button" | "article",
	name: string | RegExp,
	key: "Tab" | "Shift+Tab" = "Tab",
): Promise<void> {
	const target = page.getByRole(role, { name });
	for (let i = 0; i < 60; i++) {
		await page.keyboard.press(key);
		for (const each of await target.all())
			if (await each.evaluate((element) => element === document.activeElement)) return;
	}
	throw new Error(`${role} ${name} is not reached by ${key}`);
}
