import { Problem } from "@bullpen/domain/problem";
import { expect, test } from "vitest";
import { importWords } from "./import-words.ts";

test("[EXP6] a refused archive says which line of which file it was", () => {
	const refused = (details: Record<string, string | number>) => importWords(new Problem("bad_input", "…", details));
	expect(refused({ file: "messages.jsonl", line: 1_203 })).toMatch(/^Line 1,203 of the archive's messages\.jsonl is /);
	expect(refused({ file: "room.json", field: "head.seq" })).toMatch(/^The archive's room\.json is /);
	expect(refused({})).toMatch(/^This is not the archive of a room/);
	expect(importWords(new Problem("name_taken", "…"))).toContain("another one");
});
