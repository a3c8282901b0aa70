import { expect, test } from "vitest";
import { endingWord, kindOf } from "./file-kind.ts";

const kind = (name: string, mimeType = "application/octet-stream") => kindOf({ name, mimeType });

test("a file's icon follows its ending, else what its bytes said", () => {
	expect(kind("backup.tar.gz")).toBe("archive");
	expect(kind("Report.PDF")).toBe("text");
	expect(kind("sums.csv", "text/plain")).toBe("table");
	expect(kind("main.ts", "text/plain")).toBe("code");
	expect(kind("README", "text/plain")).toBe("text");
	expect(kind("voice", "audio/mpeg")).toBe("sound");
	expect(kind("core")).toBe("other");
});

test("a type is said where the name has one", () => {
	expect(endingWord("plan.pdf")).toBe("PDF");
	expect(endingWord("Makefile")).toBe("");
	expect(endingWord("a.b c")).toBe("");
});
