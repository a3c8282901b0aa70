import { expect, test } from "vitest";
import { knownAgent } from "./agent-name.ts";
import { refusal } from "./test/refusal.ts";

test("[WS16] the demo agent may be asked for", () => {
	expect(knownAgent("demo")).toBe("demo");
});

test.each(["", "Demo", " demo", "codex", "../../sh", "constructor", "__proto__", "toString", "hasOwnProperty"])(
	"[WS16] %j is no agent",
	(name) => {
		expect(refusal(() => knownAgent(name))).toMatchObject({ code: "bad_input", details: { field: "agent" } });
	},
);
