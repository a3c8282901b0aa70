import { defineConfig, devices } from "@playwright/test";
import { findChromium } from "./browser.ts";

// Every worker reads this file again: what the first process chose comes down in the environment.
process.env.E2E_CHROMIUM ??= await findChromium();
const executablePath = process.env.E2E_CHROMIUM;

/** Long journeys through what each run proves below the browser: `NIGHTLY=1` walks them, so does naming one. */
const LONG = [
	"attachments",
	"backup",
	"files",
	"long-transcript",
	"people",
	"terminal",
	"threads",
	"two-devices",
	"workspace-people",
];
const isAsked =
	process.env.NIGHTLY === "1" || process.argv.slice(2).some((arg) => LONG.some((name) => arg.includes(name)));

export default defineConfig({
	testDir: "tests",
	testIgnore: isAsked ? [] : LONG.map((name) => `**/${name}.spec.ts`),
	// Much of a test is waiting for something killed to come back.
	workers: 2,
	retries: 0,
	forbidOnly: process.env.CI !== undefined,
	timeout: isAsked ? 120_000 : 60_000,
	expect: { timeout: 10_000 },
	outputDir: "test-results",
	use: {
		...devices["Desktop Chrome"],
		// A film of every test and a GPU made of software take half as much time again as the tests.
		trace: { mode: "retain-on-failure", screenshots: false },
		screenshot: "only-on-failure",
		launchOptions: { ...(executablePath && { executablePath }), args: ["--disable-gpu"] },
	},
});
