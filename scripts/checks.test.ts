import { beforeEach, expect, test, vi } from "vitest";
import { countChecks, scan } from "./checks.ts";

let said = "";
beforeEach(() => {
	said = "";
	vi.spyOn(process.stdout, "write").mockImplementation((text) => {
		said += text;
		return true;
	});
});

const good = scan("a good one", () => []);

test.each([1, 2])("a check that fails is counted wherever it stands, and says where, %i at a time", async (width) => {
	const bad = scan("a bad one", () => ["src/a.ts:3: not like this"]);
	for (const checks of [
		[bad, good, good],
		[good, bad, good],
		[good, good, bad],
	])
		expect(await countChecks(checks, width)).toEqual({ passed: 2, failed: 1 });
	expect(said).toContain("src/a.ts:3: not like this");
});

test("a check that ends in an error has failed, and the others are run all the same", async () => {
	const broken = scan("a broken one", () => {
		throw new Error("src/b.ts: does not parse");
	});
	expect(await countChecks([broken, good], 1)).toEqual({ passed: 1, failed: 1 });
	expect(said).toContain("src/b.ts: does not parse");
});
