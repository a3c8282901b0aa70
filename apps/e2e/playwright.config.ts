import { defineConfig, devices } from "@playwright/test";
import { findChromium } from "./browser.ts";

// Every worker reads this file again: what the first process chose comes down in the environment.
process.env.E2E_CHROMIUM ??= await findChromium();
const executablePath = process.env.E2E_CHROMIUM;

export default defineConfig({
	testDir: "tests",
	globalSetup: "./set-up.ts",
	// One stack for all, and some tests kill parts of it.
	workers: 1,
	retries: 0,
	forbidOnly: process.env.CI !== undefined,
	timeout: 60_000,
	expect: { timeout: 10_000 },
	outputDir: "test-results",
	use: {
		...devices["Desktop Chrome"],
		...(process.env.E2E_URL && { baseURL: process.env.E2E_URL }),
		trace: "retain-on-failure",
		launchOptions: executablePath ? { executablePath } : {},
	},
});
