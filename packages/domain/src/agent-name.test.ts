import { expect, test } from "vitest";
import { knownAgent } from "./agent-name.ts";
import { refusal } from "./test/refusal.ts";

test.each(["demo", "codex", "claude", "opencode"])("[WS16] %s may be asked for", (name) => {
	expect(knownAgent(name)).toBe(name);
});

test.each(["", "Demo", " demo", "codex-acp", "../../sh", "constructor", "__proto__", "toString", "hasOwnProperty"])(
	"[WS16] %j is no agent",
	(name) => {
		expect(refusal(() => knownAgent(name))).toMatchObject({ code: "bad_input", details: { field: "agent" } });
	},
);
