import type { InboxShown } from "@bullpen/client/inbox-store";
import { describe, expect, test } from "vitest";
import { isSettled } from "./settled.ts";

const room = (readSeq: number): InboxShown["rooms"][number] => ({
	...{ kind: "inboxRoom", id: "r-1", version: 1, name: "plans", visibility: "public", lastAt: 1 },
	...{ headSeq: 9, readSeq, unread: 9 - readSeq, mentions: 0, readEpoch: 0 },
});
const workspace = (state: string, needsYou: boolean): InboxShown["workspaces"][number] => ({
	...{ kind: "inboxWorkspace", id: "w-1", version: 1, name: "Build", agent: "demo", lastAt: 1, state, needsYou },
});

describe("a notification on the screen", () => {
	test("[PUSH3] goes when its message was read, wherever, or its room is theirs no more", () => {
		const told = { place: "/r/r-1", seq: 7 };
		expect(isSettled(told, { rooms: [room(6)], workspaces: [] }, "/r/r-1")).toBe(false);
		expect(isSettled(told, { rooms: [room(7)], workspaces: [] }, null)).toBe(true);
		expect(isSettled(told, { rooms: [], workspaces: [] }, null)).toBe(true);
	});

	test("[PUSH3] goes when its agent does not wait any more, and when somebody looks at it", () => {
		const told = { place: "/w/w-1", seq: 0 };
		const settled = (state: string, needsYou: boolean, lookedAt: string | null = null) =>
			isSettled(told, { rooms: [], workspaces: [workspace(state, needsYou)] }, lookedAt);
		expect(settled("waiting_permission", true)).toBe(false);
		expect(settled("running", false)).toBe(true);
		expect(settled("idle", false)).toBe(false);
		expect(settled("idle", false, "/r/r-1")).toBe(false);
		expect(settled("idle", false, "/w/w-1")).toBe(true);
		expect(isSettled(told, { rooms: [], workspaces: [] }, null)).toBe(true);
	});

	test("one that was asked for as a test stays until its person closes it", () => {
		expect(isSettled({ place: "test", seq: 0 }, { rooms: [], workspaces: [] }, "/")).toBe(false);
	});
});
