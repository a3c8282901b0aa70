import { expect, test } from "vitest";
import { choicesFor } from "./choices.ts";

const rooms = ["general", "design", "web-design", "redesign"].map((name) => ({
	id: name,
	name,
	isMember: true,
	unread: 0,
}));
const workspaces = [{ id: "w1", name: "Design tokens", state: "idle" }];
const people = [{ id: "u-grace", name: "Grace Hopper" }];
const shown = (query: string) =>
	choicesFor(query, { rooms, workspaces, people }).map((one) => `${one.type}:${one.name}`);

test("without a word everything is offered and nothing is created", () => {
	expect(shown("  ")).toEqual([...rooms.map((room) => `room:${room.name}`), "workspace:Design tokens"]);
});

test("without a word, rooms that wait for somebody come first", () => {
	const waiting = [
		{ id: "a", name: "a", isMember: true, unread: 0 },
		{ id: "b", name: "b", isMember: true, unread: 7 },
		{ id: "c", name: "c", isMember: true, unread: 2, calls: 2 },
	];
	const names = choicesFor("", { rooms: waiting, workspaces, people }).map(({ name }) => name);
	expect(names).toEqual(["c", "b", "a", "Design tokens"]);
});

test("names that begin with the word come first", () => {
	expect(shown("Design").slice(0, -1)).toEqual([
		...["room:design", "workspace:Design tokens", "room:web-design", "room:redesign"],
	]);
});

test("a name that no room has offers to make one, with or without its #", () => {
	expect(shown("#launch")).toEqual(["create:launch", "new:launch", "search:#launch"]);
	expect(shown("des")).toContain("create:des");
	expect(shown("GENERAL")).toEqual(["room:general", "search:GENERAL"]);
});

test("people are found by any of their names, and are no rooms", () => {
	expect(shown("hop")).toEqual(["person:Grace Hopper", "create:hop", "new:hop", "search:hop"]);
	const direct = { id: "d-1", name: "Grace Hopper", visibility: "direct" as const, isMember: true, unread: 0 };
	const found = choicesFor("Grace Hopper", { rooms: [direct], workspaces, people: [] }).map(({ type }) => type);
	expect(found).toEqual(["room", "create", "new", "search"]);
});
