import { gzipSync } from "node:zlib";
import { publicUrl } from "../stack.ts";
import { expect, suffix, test } from "../test.ts";

const KIB = 1_024;
/** PRODUCT's 250 KB, counted as this file counts: in units of 1,024 bytes, as of files and frames everywhere here. */
const SCRIPTS_MAX = 250 * KIB;

test("what a room's page runs at its first visit comes packed, and does not grow", async ({ request }) => {
	const person = { data: { name: `Ada ${suffix()}` }, headers: { origin: publicUrl() } };
	expect((await request.post("/api/sign-in/name", person)).ok()).toBe(true);
	const html = await (await request.get("/r/general")).text();
	// Old browsers alone take what has `noModule`. What is opened later is asked for later.
	const tags = (html.match(/<script [^>]*src="[^>]*>/g) ?? []).filter((tag) => !tag.includes("noModule"));
	const paths = new Set(tags.flatMap((tag) => /src="(\/_next\/static\/[^"]+)"/.exec(tag)?.[1] ?? []));
	expect(paths.size).toBeGreaterThan(5);
	const sizes = await Promise.all(
		[...paths].map(async (path) => {
			const response = await request.get(path);
			expect([path, response.status()]).toEqual([path, 200]);
			const script = await response.body();
			if (script.length > KIB) expect([path, response.headers()["content-encoding"]]).toEqual([path, "gzip"]);
			return gzipSync(script).length;
		}),
	);
	expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(SCRIPTS_MAX);
});
