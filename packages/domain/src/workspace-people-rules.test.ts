import { describe, expect, test } from "vitest";
import { refusal } from "./test/refusal.ts";
import type { WorkspaceMemberRow } from "./workspace.ts";
import { leftMember, ownershipPassed, roleGiven } from "./workspace-people-rules.ts";
import { actingMember, invitedMember, isForRoomToSay, workspaceStanding } from "./workspace-rules.ts";

type Member = Omit<WorkspaceMemberRow, "version">;
const server = { visibility: "server", ownerId: "ada" } as const;
const shut = { visibility: "private", ownerId: "ada" } as const;
const ofRoom = { visibility: "room", ownerId: "ada" } as const;
const bob = { userId: "bob", role: "member", isInRoom: false } as const;
const member = (more: Partial<Member> = {}): Member => ({
	kind: "member",
	id: "bob",
	role: "prompter",
	status: "joined",
	changedAt: 1,
	...more,
});

describe("roles", () => {
	test("[WS17] are given to those who are known here, and change what they may do", () => {
		const viewer = roleGiven(server, member(), { userId: "bob", role: "viewer" }, 5)!;
		expect(viewer).toMatchObject({ role: "viewer", status: "joined", changedAt: 5 });
		expect(workspaceStanding(server, viewer, bob)).toBe("viewer");
		expect(roleGiven(server, viewer, { userId: "bob", role: "viewer" }, 6)).toBeUndefined();
		const through = roleGiven(ofRoom, member({ via: "room" }), { userId: "bob", role: "viewer" }, 5)!;
		expect(through.via).toBe("room");
		expect(workspaceStanding(ofRoom, through, bob)).toBe("outsider");
		expect(workspaceStanding(ofRoom, through, { ...bob, isInRoom: true })).toBe("viewer");
	});

	test("[WS17] the owner has theirs, and strangers and removed people have none", () => {
		const give = (who: Member | undefined, userId: string) => () =>
			roleGiven(server, who, { userId, role: "viewer" }, 5);
		expect(refusal(give(undefined, "ada")).code).toBe("forbidden");
		expect(refusal(give(undefined, "bob")).code).toBe("not_found");
		expect(refusal(give(member({ status: "removed" }), "bob")).code).toBe("not_found");
	});

	test("an invitation comes with a role", () => {
		expect(invitedMember(undefined, "bob", 5, "viewer")).toMatchObject({ role: "viewer" });
		expect(invitedMember(undefined, "bob", 5)).toMatchObject({ role: "prompter" });
		expect(invitedMember(member(), "bob", 5, "viewer")).toBeUndefined();
	});
});

describe("leaving", () => {
	const gone = leftMember(server, member({ role: "viewer" }), "bob", 5)!;

	test("[WS18] whoever left comes back where everybody may enter, as what they were", () => {
		expect(gone).toMatchObject({ status: "left", role: "viewer" });
		expect(workspaceStanding(server, gone, bob)).toBe("viewer");
		const back = actingMember(server, gone, { userId: "bob", role: "viewer" }, 6)!;
		expect(back).toMatchObject({ status: "joined", role: "viewer" });
		expect(leftMember(server, gone, "bob", 6)).toBeUndefined();
	});

	test("[WS18] and nowhere else: a private one needs an invitation, one of a room asks it", () => {
		expect(workspaceStanding(shut, gone, bob)).toBe("outsider");
		expect(workspaceStanding(ofRoom, gone, bob)).toBe("outsider");
		expect(isForRoomToSay(ofRoom, gone, "bob")).toBe(true);
		expect(workspaceStanding(ofRoom, gone, { ...bob, isInRoom: true })).toBe("viewer");
		expect(invitedMember(gone, "bob", 6)).toMatchObject({ status: "joined" });
	});

	test("the owner does not leave what is theirs", () => {
		expect(refusal(() => leftMember(server, member({ id: "ada", role: "owner" }), "ada", 5)).code).toBe("forbidden");
	});
});

describe("passing on", () => {
	test("[WS17] the new one owns it, the old one prompts", () => {
		const rows = ownershipPassed(ofRoom, member({ via: "room" }), "bob", 5);
		expect(rows).toMatchObject([
			{ id: "bob", role: "owner" },
			{ id: "ada", role: "prompter" },
		]);
		expect(rows[0]).not.toHaveProperty("via");
		const after = { visibility: "private", ownerId: "bob" } as const;
		expect(workspaceStanding(after, rows[0], bob)).toBe("owner");
		expect(workspaceStanding(after, rows[1], { ...bob, userId: "ada" })).toBe("prompter");
		expect(ownershipPassed(server, undefined, "ada", 5)).toEqual([]);
	});

	test("a row that says owner means nothing once somebody else is", () => {
		expect(workspaceStanding(server, member({ role: "owner" }), bob)).toBe("prompter");
	});

	test("[WS17] only to somebody who is in", () => {
		for (const who of [undefined, member({ status: "removed" }), member({ status: "left" })]) {
			expect(refusal(() => ownershipPassed(server, who, "bob", 5)).code).toBe("not_found");
		}
	});
});
