import { expect, test } from "vitest";
import { statusNow } from "./directory-view.ts";
import { LIMITS } from "./limits.ts";
import { cleanStatus } from "./person-status.ts";
import { refusal } from "./test/refusal.ts";

test("[PEO1] a status is one line, an emoji or both, for a while or for good", () => {
	expect(cleanStatus({ text: " out \n for lunch " }, 0, LIMITS)).toEqual({ text: "out for lunch" });
	expect(cleanStatus({ text: "", emoji: "🌴", forMs: 5 }, 10, LIMITS)).toEqual({ text: "", emoji: "🌴", until: 15 });
	expect(cleanStatus({ text: "  " }, 0, LIMITS)).toBeUndefined();
	expect(refusal(() => cleanStatus({ text: "x".repeat(81) }, 0, LIMITS)).code).toBe("text_too_long");
	expect(refusal(() => cleanStatus({ text: "", emoji: "lol" }, 0, LIMITS)).code).toBe("bad_input");
});

test("[PEO1] what was said until then is not said after it", () => {
	const status = { text: "back soon", until: 100 };
	expect(statusNow({ status }, 99)).toBe(status);
	expect(statusNow({ status }, 100)).toBeUndefined();
	expect(statusNow({}, 0)).toBeUndefined();
});
