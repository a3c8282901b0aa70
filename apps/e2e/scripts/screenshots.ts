// The two pictures of the README, or with `--all <folder>` every screen in light, dark and on a phone.
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { type Browser, type BrowserContextOptions, chromium, devices, expect, type Page } from "@playwright/test";
import { findChromium } from "../browser.ts";
import { Person } from "../person.ts";
import { RoomPage } from "../room-page.ts";
import setUp from "../set-up.ts";
import { publicUrl } from "../stack.ts";
import { WorkspacePage } from "../workspace-page.ts";
import { tell, WORKSPACE } from "./story.ts";

const IMAGES = resolve(import.meta.dirname, "../../../docs/images");
const DESKTOP = { viewport: { width: 1360, height: 850 }, deviceScaleFactor: 2 };
const { viewport, deviceScaleFactor, isMobile, hasTouch, userAgent } = devices["Pixel 7"];
const PHONE = { viewport, deviceScaleFactor, isMobile, hasTouch, userAgent };
const CODE =
	'import { strict as assert } from "node:assert";\nimport { toCents } from "./cents.js";\n\nassert.equal(toCents("12.5"), 1250);\nassert.equal(toCents("0.07"), 7);\nassert.equal(toCents("-0.50"), -50);\nconsole.log("3 amounts, not a cent lost");';
const CENTS =
	'export const toCents = (amount) => {\n  const sign = amount.startsWith("-") ? -1 : 1;\n  const [whole, part = ""] = amount.replace("-", "").split(".");\n  return sign * (Number(whole) * 100 + Number(part.padEnd(2, "0").slice(0, 2)));\n};';

/** Where it is about half past nine in the morning (the signs of `Etc/GMT` zones are inverted, tz database). */
const hoursAhead = ((9 - new Date().getUTCHours() + 36) % 24) - 12;
const MORNING = { timezoneId: `Etc/GMT${hoursAhead > 0 ? "-" : "+"}${Math.abs(hoursAhead)}`, locale: "en-GB" };

const { values } = parseArgs({ options: { all: { type: "string" } } });
const tearDown = await setUp();
const executablePath = await findChromium();
const browser = await chromium.launch(executablePath ? { executablePath } : {});
try {
	const people = await tell(publicUrl());
	if (values.all) await takeAll(browser, resolve(values.all));
	else await takeReadme(browser);
	for (const bullpen of people.values()) bullpen.close();
} finally {
	await browser.close();
	await tearDown();
}
process.exit(0);

async function takeReadme(on: Browser): Promise<void> {
	mkdirSync(IMAGES, { recursive: true });
	const tom = await enter(on, "Tom Okafor", { ...DESKTOP, colorScheme: "dark" });
	await work(tom.page);
	const maya = await enter(on, "Maya Lindqvist", { ...DESKTOP, colorScheme: "light" });
	await new RoomPage(maya.page).composer("general").waitFor();
	await maya.page.getByRole("button", { name: /^People: / }).click();
	await take(maya.page, join(IMAGES, "room-light.png"));
	await new WorkspacePage(maya.page).enter(WORKSPACE);
	await take(tom.page, join(IMAGES, "workspace-dark.png"));
}

async function takeAll(on: Browser, folder: string): Promise<void> {
	const looks: [string, BrowserContextOptions][] = [
		["light", { ...DESKTOP, colorScheme: "light" }],
		["dark", { ...DESKTOP, colorScheme: "dark" }],
		["phone", { ...PHONE, colorScheme: "light" }],
		["phone-dark", { ...PHONE, colorScheme: "dark" }],
	];
	const tom = await enter(on, "Tom Okafor", DESKTOP);
	await work(tom.page);
	for (const [look, options] of looks) {
		const path = (name: string): string => join(folder, `${name}-${look}.png`);
		mkdirSync(folder, { recursive: true });
		const door = await (await on.newContext({ ...MORNING, ...options, baseURL: publicUrl() })).newPage();
		await door.goto("/sign-in");
		await take(door, path("sign-in"));
		const maya = await enter(on, "Maya Lindqvist", options);
		await screens(maya, look.startsWith("phone"), path);
		await maya.context.close();
	}
}

async function screens({ page, context }: Person, isPhone: boolean, path: (name: string) => string): Promise<void> {
	const sidebar = async (): Promise<void> => {
		if (isPhone) await page.getByRole("button", { name: "Open sidebar" }).click();
	};
	await new RoomPage(page).composer("general").waitFor();
	await take(page, path("room"));
	await page.getByRole("button", { name: /^People: / }).click();
	await take(page, path("room-people"));
	if (isPhone) await page.keyboard.press("Escape");
	else await page.getByRole("button", { name: /^People: / }).click();
	await sidebar();
	await take(page, path("sidebar"));
	await page.getByRole("button", { name: "Open room" }).click();
	await page.getByRole("combobox", { name: "Room name" }).fill("la");
	await take(page, path("switcher"));
	await page.keyboard.press("Escape");
	await sidebar().catch(() => undefined); // it may have stayed open behind the dialog
	await page.getByRole("button", { name: "New workspace" }).click();
	await page.getByRole("textbox", { name: "Name" }).fill("fix the flaky test");
	await take(page, path("new-workspace"));
	await page.keyboard.press("Escape");
	await page.goto("/");
	await new RoomPage(page).composer("general").waitFor();
	await sidebar();
	await new WorkspacePage(page).enter(WORKSPACE);
	await take(page, path("workspace"));
	await page.goto("/r/r-nowhere");
	await page.getByRole("heading", { name: "This room is not open to you" }).waitFor();
	await take(page, path("closed"));
	await page.goto("/");
	await new RoomPage(page).composer("general").waitFor();
	await context.setOffline(true);
	await expect(page.getByRole("status", { name: "Connection" })).toHaveText("Offline");
	await take(page, path("offline"));
	await context.setOffline(false);
}

/** A workspace in the middle of its work: two files written, one run, and a question open. */
async function work(page: Page): Promise<void> {
	const workspace = new WorkspacePage(page);
	await workspace.create(WORKSPACE);
	for (const prompt of [
		`write cents.js with:\n\`\`\`\n${CENTS}\n\`\`\``,
		`write cents.test.js with:\n\`\`\`\n${CODE}\n\`\`\``,
		"run node cents.test.js",
	]) {
		await workspace.ask(prompt);
		await workspace.answer("Allow");
		await workspace.isReady();
	}
	await workspace.ask(
		'plan: read cents.js, then replace "slice(0, 2)" with "slice(0, 3)" in cents.js, then run node cents.test.js',
	);
	await workspace.isReady();
	await workspace.ask('replace "amount.replace(" with "amount.trim().replace(" in cents.js');
	await expect(workspace.question).toBeVisible();
}

async function enter(on: Browser, name: string, options: BrowserContextOptions): Promise<Person> {
	const person = new Person(name, await on.newContext({ ...MORNING, ...options, baseURL: publicUrl() }));
	await person.signIn();
	return person;
}

/** After what moves has come to rest and the fonts are there. */
async function take(page: Page, path: string): Promise<void> {
	await page.evaluate(() => document.fonts.ready);
	await page.waitForLoadState("networkidle");
	await page.screenshot({ path, animations: "disabled" });
}
