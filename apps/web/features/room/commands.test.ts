import { expect, test } from "vitest";
import { suggestCommands } from "./command-choices.tsx";
import { wishIn } from "./commands.ts";

const command = (name: string, hint?: string) => ({ name, description: `Does ${name}`, ...(hint && { hint }) });
const members = [
	{ id: "ada", name: "Ada", isOnline: true },
	{ id: "b-2", name: "Zeta", isOnline: true, isBot: true, commands: [command("deploy"), command("poll")] },
	{ id: "b-1", name: "Builds", isOnline: true, isBot: true, commands: [command("deploy", "target"), command("diff")] },
];

test("[CMD1] a command goes to the bot that knows it, anything else that looks like one is refused, never sent", () => {
	expect(wishIn("/deploy site now", members, false)).toEqual({
		type: "call",
		call: { botId: "b-1", name: "deploy", args: "site now" },
	});
	expect(wishIn("/poll", members, false)).toMatchObject({ type: "call", call: { botId: "b-2" } });
	expect(wishIn("/delpoy site", members, false)).toMatchObject({
		type: "refused",
		why: expect.stringContaining("/delpoy"),
	});
	expect(wishIn("/deploy site", members, true)).toMatchObject({ type: "refused" });
	expect(wishIn("//deploy site", members, false)).toEqual({ type: "text", text: "/deploy site" });
	expect(wishIn("and/or", members, true)).toEqual({ type: "text", text: "and/or" });
});

test("[CMD2] commands are offered by the beginning of their names, at the beginning of a message alone", () => {
	const labels = (text: string) => suggestCommands(text, text.length, members)?.options.map(({ label }) => label);
	expect(labels("/")).toEqual(["/deploy", "/deploy target", "/diff", "/poll"]);
	expect(labels("/DI")).toEqual(["/diff"]);
	for (const text of ["/x", "/deploy ", "see /", "", "//"]) expect(labels(text)).toBeUndefined();
});
