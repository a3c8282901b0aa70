import { expect, test } from "vitest";
import { isAbove, rolesToGive } from "./room-roles.ts";

test("[MEM8] one is above those with a lower role, owners above owners, nobody above themselves", () => {
	expect(isAbove({ userId: "ada", role: "admin" }, { id: "bob", role: "member" })).toBe(true);
	expect(isAbove({ userId: "ada", role: "admin" }, { id: "bob", role: "admin" })).toBe(false);
	expect(isAbove({ userId: "ada", role: "owner" }, { id: "bob", role: "owner" })).toBe(true);
	expect(isAbove({ userId: "ada", role: "owner" }, { id: "ada", role: "owner" })).toBe(false);
});

test("[MEM6] [MEM8] one gives roles up to one's own", () => {
	expect(rolesToGive("owner")).toEqual(["owner", "admin", "member", "guest"]);
	expect(rolesToGive("member")).toEqual(["member", "guest"]);
});
