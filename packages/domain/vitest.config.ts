import { defineConfig } from "vitest/config";

/** Rules keep nothing between calls: a process for each file would only read them all again. */
export default defineConfig({ test: { isolate: false } });
