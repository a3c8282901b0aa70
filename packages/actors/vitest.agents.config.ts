import { defineConfig } from "vitest/config";

/** Every real agent, one after the other: they take a gigabyte of disk, and hundreds of megabytes of memory each. */
export default defineConfig({
	test: {
		include: ["test/agents/{codex,claude,opencode}.ts"],
		testTimeout: 120_000,
		hookTimeout: 900_000,
		fileParallelism: false,
	},
});
