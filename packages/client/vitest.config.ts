import { defineConfig } from "vitest/config";

/** Files in a row: three of them have an engine of their own. */
export default defineConfig({
	test: { include: ["src/**/*.test.ts", "test/**/*.test.ts"], testTimeout: 30_000, fileParallelism: false },
});
