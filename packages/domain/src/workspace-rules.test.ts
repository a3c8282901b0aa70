import { describe, expect, test } from "vitest";
import { LIMITS } from "./limits.ts";
import type { Problem } from "./problem.ts";
import type { TurnRow, WorkspaceMemberRow } from "./workspace.ts";
import {
	actingMember,
	checkMembers,
	endedTurn,
	invitedMember,
	isForRoomToSay,
	leftRoom,
	removedMember,
	turnNotice,
	workspaceStanding,
} from "./workspace-rules.ts";

const refusal = (run: () => unknown): Partial<Problem> => {
	try {
		run();
	} catch (error) {
		return error as Problem;
	}
	throw new Error("nothing was refused");
};

describe("who may", () => {
	const server = { visibility: "server", ownerId: "ada" } as const;
	const shut = { visibility: "private", ownerId: "ada" } as const;
	const ofRoom = { visibility: "room", ownerId: "ada" } as const;
	const bob = { userId: "bob", role: "member", isInRoom: false } as const;
	const inRoom = { ...bob, isInRoom: true } as const;
	const member = (status: "joined" | "removed"): Omit<WorkspaceMemberRow, "version"> => ({
		kind: "member",
		id: "bob",
		role: "prompter",
		status,
		changedAt: 1,
	});

	test("[WS1] a workspace open to the server takes members as prompters and guests as viewers", () => {
		expect(workspaceStanding(server, undefined, bob)).toBe("prompter");
		expect(workspaceStanding(server, undefined, { ...bob, role: "guest" })).toBe("viewer");
		expect(workspaceStanding(server, undefined, { ...bob, userId: "ada" })).toBe("owner");
	});

	test("[WS2] a private one takes its owner and who was invited; the server's owner has no key to it", () => {
		expect(workspaceStanding(shut, undefined, bob)).toBe("outsider");
		expect(workspaceStanding(shut, undefined, { ...bob, role: "owner" })).toBe("outsider");
		expect(workspaceStanding(shut, member("joined"), bob)).toBe("prompter");
		expect(workspaceStanding(shut, undefined, inRoom)).toBe("outsider");
	});

	test("[WS3] whoever was removed stays out until invited again; the owner cannot be removed", () => {
		expect(workspaceStanding(server, member("removed"), bob)).toBe("outsider");
		expect(removedMember(server, undefined, "bob", 5)).toMatchObject({ status: "removed", changedAt: 5 });
		expect(removedMember(server, member("removed"), "bob", 5)).toBeUndefined();
		expect(invitedMember(member("removed"), "bob", 6)).toMatchObject({ status: "joined", changedAt: 6 });
		expect(invitedMember(member("joined"), "bob", 6)).toBeUndefined();
		expect(refusal(() => removedMember(server, undefined, "ada", 5)).code).toBe("forbidden");
	});

	test("[WS14] one of a room takes those who are joined there, guests of the server as viewers", () => {
		expect(workspaceStanding(ofRoom, undefined, inRoom)).toBe("prompter");
		expect(workspaceStanding(ofRoom, undefined, { ...inRoom, role: "guest" })).toBe("viewer");
		expect(workspaceStanding(ofRoom, undefined, bob)).toBe("outsider");
		expect(workspaceStanding(ofRoom, undefined, { ...bob, role: "owner" })).toBe("outsider");
		expect(workspaceStanding(ofRoom, undefined, { ...bob, userId: "ada" })).toBe("owner");
	});

	test("[WS14] an invitation or a removal of its own decides, whatever the room says", () => {
		expect(workspaceStanding(ofRoom, member("joined"), bob)).toBe("prompter");
		expect(workspaceStanding(ofRoom, member("removed"), inRoom)).toBe("outsider");
		expect(isForRoomToSay(ofRoom, member("joined"), "bob")).toBe(false);
		expect(isForRoomToSay(ofRoom, undefined, "ada")).toBe(false);
		expect(isForRoomToSay(server, undefined, "bob")).toBe(false);
		expect(isForRoomToSay(ofRoom, undefined, "bob")).toBe(true);
	});

	test("[WS14] whoever acts in it is a member for as long as the room has them", () => {
		const by = { userId: "bob", role: "prompter" } as const;
		const through = actingMember(ofRoom, undefined, by, 7)!;
		expect(through).toMatchObject({ id: "bob", status: "joined", via: "room" });
		expect(actingMember(ofRoom, through, by, 8)).toBeUndefined();
		expect(isForRoomToSay(ofRoom, through, "bob")).toBe(true);
		expect(workspaceStanding(ofRoom, through, bob)).toBe("outsider");
		const gone = leftRoom(through, 9)!;
		expect(gone).toMatchObject({ status: "removed", via: "room", changedAt: 9 });
		expect(leftRoom(gone, 10)).toBeUndefined();
		expect(workspaceStanding(ofRoom, gone, inRoom)).toBe("prompter");
		expect(actingMember(ofRoom, gone, by, 11)).toMatchObject({ status: "joined", via: "room" });
		expect(leftRoom(member("joined"), 9)).toBeUndefined();
		expect(actingMember(server, undefined, by, 7)).not.toHaveProperty("via");
	});

	test("[WS14] inviting or removing somebody who is there through the room makes their row the one that decides", () => {
		const through = { ...member("joined"), via: "room" as const };
		expect(invitedMember(through, "bob", 6)).toMatchObject({ status: "joined" });
		expect(invitedMember(through, "bob", 6)).not.toHaveProperty("via");
		const out = removedMember(ofRoom, { ...through, status: "removed" }, "bob", 6);
		expect(out).toMatchObject({ status: "removed" });
		expect(out).not.toHaveProperty("via");
	});

	test("[WS15] a workspace keeps rows of only so many people", () => {
		checkMembers(4_999, LIMITS);
		expect(refusal(() => checkMembers(5_000, LIMITS))).toMatchObject({
			code: "busy",
			details: { membersMax: 5_000 },
		});
	});
});

describe("turns", () => {
	const turn: TurnRow = { kind: "turn", id: "t1", version: 1, promptId: "p1", status: "running", startedAt: 10 };

	test("[WS9] a turn ends once: the first end stands", () => {
		const ended = endedTurn(turn, { status: "cancelled", by: "bob" }, 12)!;
		expect(ended).toMatchObject({ status: "cancelled", cancelledBy: "bob", endedAt: 12 });
		expect(endedTurn(ended, { status: "completed", stopReason: "end_turn" }, 13)).toBeUndefined();
	});

	test("[WS13] how a turn ended is told once: by its row, or by a line where the row cannot", () => {
		expect(turnNotice({ status: "completed", stopReason: "end_turn" })).toBeUndefined();
		expect(turnNotice({ status: "completed", stopReason: "refusal" })).toMatchObject({ level: "info" });
		expect(turnNotice({ status: "interrupted", problem: "The server stopped." })).toBeUndefined();
	});
});
