import { describe, expect, test } from "vitest";
import {
	banned,
	heirOf,
	invited,
	isShownOut,
	joined,
	left,
	type Membership,
	ownershipPassed,
	removed,
	roleGiven,
	roleOf,
	standingIn,
	unbanned,
} from "./membership.ts";
import { type MemberStatus, RoomRole } from "./room.ts";
import { refusal } from "./test/refusal.ts";

const person = (status: MemberStatus, role: RoomRole = "member", id = "bob"): Membership => ({
	kind: "member",
	id,
	role,
	status,
	changedAt: 1,
});
const ada = (role: RoomRole) => ({ userId: "ada", role });

describe("what a person is to a room", () => {
	test("[MEM1] a public room may be read by every member of the server, a private one by those who are in", () => {
		expect(standingIn("public", undefined, "member")).toBe("previewer");
		expect(standingIn("public", person("left"), "member")).toBe("previewer");
		expect(standingIn("public", undefined, "guest")).toBe("outsider");
		expect(standingIn("private", undefined, "member")).toBe("outsider");
		expect(standingIn("private", person("left"), "member")).toBe("outsider");
		expect(standingIn("private", person("invited"), "guest")).toBe("invited");
		expect(standingIn("direct", undefined, "owner")).toBe("outsider");
	});

	test("[MEM2] the removed and the banned are outside, of a public room too", () => {
		for (const status of ["removed", "banned"] as const) {
			expect(isShownOut(status)).toBe(true);
			for (const role of ["owner", "member", "guest"] as const) {
				expect(standingIn("public", person(status), role)).toBe("outsider");
			}
		}
	});

	test("[MEM3] an owner of the server who has joined is an owner of the room", () => {
		expect(standingIn("private", person("joined", "guest"), "owner")).toBe("owner");
		expect(standingIn("private", person("joined", "guest"), "member")).toBe("guest");
	});
});

test("[DIR4] people of a direct room have no roles there, owners of the server included", () => {
	for (const role of ["owner", "member", "guest"] as const) {
		expect(standingIn("direct", person("joined"), role)).toBe("direct");
	}
	expect(roleOf("direct")).toBe("member");
	expect(roleOf("admin")).toBe("admin");
	expect(roleOf("previewer")).toBe("guest");
});

describe("coming and going", () => {
	test("[MEM4] joining keeps the role one was invited with; joining again changes nothing", () => {
		expect(joined(undefined, { userId: "bob", serverRole: "member" }, 5)).toEqual({
			...person("joined"),
			changedAt: 5,
		});
		expect(joined(undefined, { userId: "bob", serverRole: "guest" }, 5).role).toBe("guest");
		expect(joined(person("invited", "admin"), { userId: "bob", serverRole: "member" }, 5).role).toBe("admin");
		const member = person("joined");
		expect(joined(member, { userId: "bob", serverRole: "member" }, 5)).toBe(member);
	});

	test("[MEM5] leaving keeps the row, twice is once", () => {
		const gone = left(person("joined"), 5);
		expect(gone).toMatchObject({ status: "left", changedAt: 5 });
		expect(left(gone, 6)).toBe(gone);
	});

	test("[MEM6] nobody invites above their own role", () => {
		expect(invited(undefined, { userId: "bob" }, "member", 5)).toEqual({ ...person("invited"), changedAt: 5 });
		expect(refusal(() => invited(undefined, { userId: "bob", role: "admin" }, "member", 5)).code).toBe("forbidden");
		const member = person("joined");
		expect(invited(member, { userId: "bob", role: "owner" }, "member", 5)).toBe(member);
	});

	test.each(["removed", "banned"] as const)(
		"[MEM7] somebody %s comes back only by an admin's or owner's invitation",
		(status) => {
			expect(refusal(() => invited(person(status), { userId: "bob" }, "member", 5)).code).toBe("forbidden");
			expect(invited(person(status), { userId: "bob" }, "admin", 5).status).toBe("invited");
		},
	);
});

describe("acting on others", () => {
	test("[MEM8] one acts only on roles below one's own; owners also on owners; nobody on themselves", () => {
		for (const by of RoomRole.options) {
			for (const role of RoomRole.options) {
				const rank = ["guest", "member", "admin", "owner"];
				const may = by === "owner" || rank.indexOf(by) > rank.indexOf(role);
				const acts = [
					() => removed(person("joined", role), ada(by), 5).status,
					() => banned(person("joined", role), "bob", ada(by), 5).status,
					() => roleGiven(person("joined", role), "guest", ada(by), 5).role,
				];
				for (const act of acts) {
					if (may) expect(["removed", "banned", "guest"]).toContain(act());
					else expect(refusal(act).code).toBe("forbidden");
				}
			}
		}
		expect(refusal(() => removed(person("joined", "guest", "ada"), ada("owner"), 5)).code).toBe("forbidden");
	});

	test("[MEM8] nobody gives a role above their own", () => {
		expect(refusal(() => roleGiven(person("joined"), "owner", ada("admin"), 5)).code).toBe("forbidden");
		expect(roleGiven(person("joined"), "admin", ada("admin"), 5).role).toBe("admin");
	});

	test("[MEM9] kicking needs somebody who is in, a ban also keeps out who never was", () => {
		expect(refusal(() => removed(undefined, ada("owner"), 5)).code).toBe("not_found");
		expect(refusal(() => roleGiven(person("left"), "admin", ada("owner"), 5)).code).toBe("not_found");
		expect(banned(undefined, "bob", ada("admin"), 5)).toMatchObject({ id: "bob", status: "banned" });
		expect(banned(person("removed"), "bob", ada("admin"), 5).status).toBe("banned");
		const out = person("banned");
		expect(removed(out, ada("owner"), 5)).toBe(out);
	});
});

describe("changing hands", () => {
	test("[MEM10] a lifted ban leaves somebody who left, without their old role", () => {
		expect(unbanned(person("banned", "admin"), 5)).toEqual({ ...person("left"), changedAt: 5 });
		for (const member of [undefined, person("removed"), person("joined")]) {
			expect(refusal(() => unbanned(member, 5)).code).toBe("not_found");
		}
	});

	test("[MEM11] who passes a room on is an admin of it afterwards", () => {
		const owner = person("joined", "owner", "ada");
		const { next, before } = ownershipPassed(owner, person("joined"), 5);
		expect(next).toEqual({ ...person("joined", "owner"), changedAt: 5 });
		expect(before).toEqual({ ...owner, role: "admin", changedAt: 5 });
		expect(refusal(() => ownershipPassed(owner, owner, 5)).code).toBe("forbidden");
		expect(refusal(() => ownershipPassed(owner, person("left"), 5)).code).toBe("not_found");
		const viaServer = person("joined", "member", "boss");
		expect(ownershipPassed(viaServer, person("joined"), 5).before).toBe(viaServer);
	});

	test("[MEM12] a room without an owner goes to the longest-standing admin, else member, never a guest", () => {
		const at = (id: string, role: RoomRole, changedAt: number) => ({ ...person("joined", role, id), changedAt });
		const people = [at("a", "member", 1), at("b", "admin", 9), at("c", "admin", 4), at("g", "guest", 0)];
		expect(heirOf(people)?.id).toBe("c");
		expect(heirOf([at("g", "guest", 0), at("a", "member", 3), at("d", "member", 2)])?.id).toBe("d");
		expect(heirOf([...people, at("o", "owner", 9)])).toBeUndefined();
		expect(heirOf([person("left"), at("g", "guest", 0)])).toBeUndefined();
	});
});
