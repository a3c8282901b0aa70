import { devices } from "@playwright/test";
import { RoomPage } from "../room-page.ts";
import { expect, newRoom, test } from "../test.ts";

const { viewport, userAgent, deviceScaleFactor, isMobile, hasTouch } = devices["Pixel 7"];

test("a room works on a phone, and nothing is wider than the screen", async ({ person }) => {
	const room = newRoom("phone");
	const ada = await person("Ada", { viewport, userAgent, deviceScaleFactor, isMobile, hasTouch });
	const hers = new RoomPage(ada.page);
	const isWithinScreen = () => ada.page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth);
	expect(await isWithinScreen()).toBe(true);

	await ada.page.getByRole("button", { name: "Open sidebar" }).tap();
	await hers.open(room);
	await hers.send(room, `${"unbreakable".repeat(20)} and \`${"code".repeat(40)}\``);
	await hers.send(room, "hello from a phone");
	await hers.shows(["hello from a phone"]);
	await expect(hers.message("hello from a phone")).toBeInViewport();
	expect(await isWithinScreen()).toBe(true);

	const small = await ada.page.evaluate(() =>
		[...document.querySelectorAll("button:not(.sr-only), a[href]:not(.sr-only)")]
			.map((element) => ({ label: element.ariaLabel ?? element.textContent, box: element.getBoundingClientRect() }))
			.filter(({ box }) => box.width > 0 && (box.width < 24 || box.height < 24))
			.map(({ label }) => label),
	);
	expect(small).toEqual([]);
});
