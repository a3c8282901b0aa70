import { defineConfig, devices } from "@playwright/test";
import { findChromium } from "./browser.ts";

// Every worker reads this file again: what the first process chose comes down in the environment.
process.env.E2E_CHROMIUM ??= await findChromium();
const executablePath = process.env.E2E_CHROMIUM;

export default defineConfig({
	testDir: "tests",
	// Much of a test is waiting for something killed to come back.
	workers: 2,
	retries: 0,
	forbidOnly: process.env.CI !== undefined,
	timeout: 60_000,
	expect: { timeout: 10_000 },
	outputDir: "test-results",
	use: {
		...devices["Desktop Chrome"],
		trace: "retain-on-failure",
		launchOptions: executablePath ? { executablePath } : {},
	},
});
