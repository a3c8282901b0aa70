import { chromium } from "@playwright/test";

const base = process.env.BASE ?? "http://127.0.0.1:4811";
const shots = JSON.parse(process.argv[2]);
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
for (const s of shots) {
	const ctx = await browser.newContext({
		viewport: s.phone ? { width: 390, height: 844 } : { width: 1440, height: 900 },
		colorScheme: s.dark ? "dark" : "light",
		hasTouch: !!s.phone,
		isMobile: !!s.phone,
		deviceScaleFactor: s.phone ? 2 : 1,
	});
	await ctx.addCookies([{ name: "bullpen.session_token", value: "x", url: base }]);
	const page = await ctx.newPage();
	page.on(
		"console",
		(m) => ["error", "warning"].includes(m.type()) && console.log(s.name, m.type(), m.text().slice(0, 400)),
	);
	page.on("pageerror", (e) => console.log(s.name, "pageerror", String(e).slice(0, 400)));
	await page.goto(base + s.path, { waitUntil: "load" });
	await page.waitForTimeout(s.wait ?? 2500);
	for (const step of s.steps ?? []) {
		if (step.click)
			await page
				.getByRole(step.role ?? "button", { name: step.click })
				.first()
				.click();
		if (step.hover) await page.locator(step.hover).first().hover();
		if (step.press) await page.keyboard.press(step.press);
		if (step.type) await page.keyboard.type(step.type);
		await page.waitForTimeout(step.wait ?? 500);
	}
	await page.screenshot({ path: `/tmp/shots/${s.name}.png` });
	await ctx.close();
}
await browser.close();
