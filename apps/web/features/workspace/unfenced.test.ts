import { expect, test } from "vitest";
import { unfenced } from "./unfenced.ts";

test("a fence around all of an output is taken away, any other stays", () => {
	expect(unfenced("```console\nreal-command-ran\n```")).toBe("real-command-ran");
	expect(unfenced("````\n```\ninner\n```\n````\n")).toBe("```\ninner\n```");
	expect(unfenced("```\na\n``` and ```\nb\n```")).toBe("a\n``` and ```\nb");
	expect(unfenced("```\na\n```\nand\n```\nb\n```")).toBe("```\na\n```\nand\n```\nb\n```");
	expect(unfenced("plain")).toBe("plain");
});
