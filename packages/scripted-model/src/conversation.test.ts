import { expect, test } from "vitest";
import { readMessages } from "./conversation.ts";

const result = { type: "tool_result", tool_use_id: "toolu_1", content: "not done" };
const asked = (...content: object[]) =>
	readMessages({
		messages: [
			{ role: "user", content: "RUN ls" },
			{ role: "user", content },
		],
	});

test("what is said together with a tool's result counts when it is a command", () => {
	expect(asked(result, { type: "text", text: "SAY go on" })).toMatchObject({
		userTexts: ["RUN ls", expect.stringMatching(/^\s*SAY go on$/)],
		toolOutputs: [],
	});
	expect(asked(result, { type: "text", text: "Remember the rules." })).toMatchObject({
		userTexts: ["RUN ls"],
		toolOutputs: ["not done"],
	});
});
