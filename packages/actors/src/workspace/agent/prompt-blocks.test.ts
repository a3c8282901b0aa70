import { LIMITS } from "@bullpen/domain/limits";
import { expect, test } from "vitest";
import type { AttachedFile } from "./attached-file.ts";
import { abilitiesIn, type PromptAbilities, promptBlocks, withoutContents } from "./prompt-blocks.ts";

const NOTES: AttachedFile = { type: "text", name: "my notes.md", text: "remember" };
const SHOT: AttachedFile = { type: "image", name: "shot.png", mimeType: "image/png", data: "AAAA" };

function placeOf(abilities: PromptAbilities) {
	const saved: AttachedFile[] = [];
	const save = async (file: AttachedFile) => {
		saved.push(file);
		return `.attachments/${saved.length}/${file.name}`;
	};
	const paths = async () => new Set(["src/a b.ts", "README.md"]);
	return { saved, place: { abilities, folder: "/workspace", paths, save } };
}

test("an agent that takes files gets them as parts of the prompt, behind the words", async () => {
	const { place, saved } = placeOf({ image: true, embeddedContext: true });
	expect(await promptBlocks("look", [NOTES, SHOT], place, LIMITS)).toEqual([
		{ type: "text", text: "look" },
		{
			type: "resource",
			resource: { uri: "attachment:///my%20notes.md", mimeType: "text/plain", text: "remember" },
		},
		{ type: "image", mimeType: "image/png", data: "AAAA" },
	]);
	expect(saved).toEqual([]);
});

test("for one that takes none they are kept in its folder, and it is told where", async () => {
	const { place, saved } = placeOf(abilitiesIn({ agentCapabilities: { promptCapabilities: {} } }));
	const blocks = await promptBlocks("look", [NOTES, SHOT], place, LIMITS);
	expect(saved).toEqual([NOTES, SHOT]);
	expect(blocks.slice(1)).toEqual([
		{ type: "text", text: "Attached to this request: .attachments/1/my notes.md" },
		{
			type: "resource_link",
			name: ".attachments/1/my notes.md",
			uri: "file:///workspace/.attachments/1/my%20notes.md",
		},
		{ type: "text", text: "Attached to this request: .attachments/2/shot.png" },
		{ type: "resource_link", name: ".attachments/2/shot.png", uri: "file:///workspace/.attachments/2/shot.png" },
	]);
});

test("[ATT6] a file of the workspace that the words mention becomes a link; what is no file stays words", async () => {
	const { place } = placeOf({ image: false, embeddedContext: false });
	expect(await promptBlocks('see @"src/a b.ts", not @gone.md', [], place, LIMITS)).toEqual([
		{ type: "text", text: 'see @"src/a b.ts", not @gone.md' },
		{ type: "resource_link", name: "src/a b.ts", uri: "file:///workspace/src/a%20b.ts" },
	]);
});

test.each([
	[
		{ agentCapabilities: { promptCapabilities: { image: true, audio: true } } },
		{ image: true, embeddedContext: false },
	],
	[{ agentCapabilities: { promptCapabilities: { image: "yes" } } }, { image: false, embeddedContext: false }],
	[undefined, { image: false, embeddedContext: false }],
])("what an agent says of itself is read leniently: %j", (answer, abilities) => {
	expect(abilitiesIn(answer)).toEqual(abilities);
});

test("the contents of files are in no event that is kept or told; everything else is as it was", async () => {
	const { place } = placeOf({ image: true, embeddedContext: true });
	const prompt = await promptBlocks("look", [NOTES, SHOT], place, LIMITS);
	const event = {
		eventIndex: 1,
		payload: { jsonrpc: "2.0", method: "session/prompt", params: { sessionId: "s", prompt } },
	};
	const kept = JSON.stringify(withoutContents(event));
	expect(kept).not.toMatch(/remember|AAAA/);
	expect(JSON.parse(kept)).toMatchObject({
		eventIndex: 1,
		payload: { params: { sessionId: "s", prompt: [prompt[0], {}, {}] } },
	});
	const other = { payload: { jsonrpc: "2.0", method: "session/update", params: { prompt } } };
	expect(withoutContents(other)).toBe(other);
});
