import { join } from "node:path";
import tailwind from "@tailwindcss/postcss";
import { defineConfig } from "vite";

const WEB = join(import.meta.dirname, "../..");

/** Builds the page with the sources and the styles of the app, and nothing of its server. */
export default defineConfig({
	root: import.meta.dirname,
	logLevel: "warn",
	// Next's own links ask how they were built.
	define: { "process.env": {} },
	css: { postcss: { plugins: [tailwind({ base: WEB })] } },
	build: { chunkSizeWarningLimit: 10_000, emptyOutDir: true, modulePreload: { polyfill: false } },
});
