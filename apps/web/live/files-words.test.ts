import type { MessageAttachment } from "@bullpen/domain/message-attachment";
import { expect, test } from "vitest";
import { filesWords } from "./files-words.ts";

const file = (name: string, size: Partial<MessageAttachment> = {}): MessageAttachment => ({
	id: `f-${"0".repeat(30)}`,
	name,
	mimeType: "application/octet-stream",
	bytes: 1,
	...size,
});
const picture = (name: string) => file(name, { width: 4, height: 3 });

test("one file is said by its name, more by their number", () => {
	expect(filesWords([file("plan.pdf")])).toBe("plan.pdf");
	expect(filesWords([picture("a.png")])).toBe("a.png");
	expect(filesWords([picture("a.png"), picture("b.png")])).toBe("2 pictures");
	expect(filesWords([picture("a.png"), file("plan.pdf"), file("c")])).toBe("3 files");
	expect(filesWords([])).toBe("");
});

test("a name does not hide what it is", () => {
	expect(filesWords([file("photo\u202egpj.exe")])).toBe("photo⟨U+202E⟩gpj.exe");
});
