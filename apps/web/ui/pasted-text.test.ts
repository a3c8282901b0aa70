import { expect, test } from "vitest";
import { isTextMeant } from "./pasted-text.ts";

const files = (...names: string[]) => names.map((name) => ({ name }));

test("a picture beside copied text is left out", () => {
	expect(isTextMeant("1\t2\n3\t4", files("image.png"))).toBe(true);
});

test("a picture alone, and files with their names as text, are what was copied", () => {
	expect(isTextMeant("", files("image.png"))).toBe(false);
	expect(isTextMeant("plan.pdf", files("plan.pdf"))).toBe(false);
	expect(isTextMeant("/srv/notes/a.txt\n/srv/notes/b.txt", files("a.txt", "b.txt"))).toBe(false);
});
