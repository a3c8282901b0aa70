import { expect, test } from "vitest";
import { readCommand, SetCommandsInput } from "./command.ts";

test.each([
	["/deploy", { type: "command", name: "deploy", args: "" }],
	["/Deploy  site to production\nnow ", { type: "command", name: "deploy", args: "site to production\nnow" }],
	["/no-such-thing x", { type: "command", name: "no-such-thing", args: "x" }],
	["//deploy", { type: "text", text: "/deploy" }],
	["/etc/hosts has it", { type: "text", text: "/etc/hosts has it" }],
	["/ deploy", { type: "text", text: "/ deploy" }],
	["/7", { type: "text", text: "/7" }],
	[" /deploy", { type: "text", text: " /deploy" }],
	["see /deploy", { type: "text", text: "see /deploy" }],
	["", { type: "text", text: "" }],
])("[CMD1] %j is %j", (written, read) => {
	expect(readCommand(written)).toEqual(read);
});

test("[CMD2] a bot names each of its commands once, in a form that can be written", () => {
	const isGood = (...names: string[]) =>
		SetCommandsInput.safeParse({ commands: names.map((name) => ({ name, description: "Does it" })) }).success;
	expect(
		[["deploy"], ["a", "b"], ["a", "a"], ["Deploy"], ["de ploy"], ["7"], ["x".repeat(33)]].map((names) =>
			isGood(...names),
		),
	).toEqual([true, true, false, false, false, false, false]);
});
