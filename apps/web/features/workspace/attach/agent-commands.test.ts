import { expect, test } from "vitest";
import { suggestCommands } from "./agent-commands.tsx";

const commands = [
	{ name: "review", description: "Looks at changes", hint: "what" },
	{ name: "review-branch", description: "Looks at a branch" },
	{ name: "init", description: "Writes \u202eAGENTS.md" },
	{ name: "docs/find", description: "Looks things up" },
];
const offered = (text: string, cursor = text.length) =>
	suggestCommands(text, cursor, commands)?.options.map(({ insert }) => insert);

test("[TR19] the agent's commands are offered by the beginning of their names, at the beginning of a prompt alone", () => {
	expect(offered("/")).toEqual(["/review ", "/review-branch ", "/init ", "/docs/find "]);
	expect(offered("/REV")).toEqual(["/review ", "/review-branch "]);
	expect(offered("/docs/f")).toEqual(["/docs/find "]);
	expect(offered("/nothing")).toEqual([]);
	for (const text of ["", "init", "do /in", " /in", "/init now"]) expect(offered(text), text).toBeUndefined();
	expect(offered("/review everything", 4)).toEqual(["/review ", "/review-branch "]);
});

test("what is written out is sent by Enter; what may go on is still offered", () => {
	expect(offered("/init")).toBeUndefined();
	expect(offered("/review")).toEqual(["/review ", "/review-branch "]);
});

test("each says what it does and what comes after it, and nothing in it hides", () => {
	const details = suggestCommands("/", 1, commands)?.options.map(({ detail }) => detail);
	expect(details?.slice(0, 3)).toEqual(["Looks at changes (what)", "Looks at a branch", "Writes ⟨U+202E⟩AGENTS.md"]);
	expect(suggestCommands("/", 1, [])?.options).toEqual([]);
});
