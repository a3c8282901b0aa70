import { expect, test } from "vitest";
import { LIMITS } from "./limits.ts";
import { isLinkOpen, newLink, usedLink } from "./room-link.ts";
import { refusal } from "./test/refusal.ts";

const made = { id: "l-1", by: "ada", now: 1_000 };

test("[LNK1] a link works as often and as long as it says", () => {
	const link = newLink({ usesMax: 2, forMs: 500 }, made, LIMITS);
	expect(link).toMatchObject({ role: "member", createdBy: "ada", expiresAt: 1_500, uses: 0 });
	const used = usedLink(usedLink(link, 1_100), 1_200);
	expect(used.uses).toBe(2);
	expect(refusal(() => usedLink(used, 1_200)).code).toBe("not_found");
	expect(isLinkOpen(link, 1_499)).toBe(true);
	expect(refusal(() => usedLink(link, 1_500)).code).toBe("not_found");
	expect(newLink({}, made, LIMITS)).toMatchObject({ usesMax: null, expiresAt: 1_000 + LIMITS.roomLinkMs });
});

test("[LNK2] withdrawn, unknown and too long ones are refused", () => {
	const link = newLink({ role: "guest" }, made, LIMITS);
	expect(refusal(() => usedLink({ ...link, revokedAt: 1_100 }, 1_200)).code).toBe("not_found");
	expect(refusal(() => usedLink(undefined, 1_200)).code).toBe("not_found");
	expect(refusal(() => newLink({ forMs: LIMITS.roomLinkMaxMs + 1 }, made, LIMITS)).code).toBe("bad_input");
});
