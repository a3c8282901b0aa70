import { expect, test } from "vitest";
import { listedWorkspaces } from "./workspace-list.ts";

const mine = (id: string, more: object = {}) => ({
	kind: "inboxWorkspace" as const,
	id,
	version: 1,
	name: id,
	agent: "demo",
	state: "idle",
	needsYou: false,
	lastAt: 10,
	...more,
});
const listed = (id: string, more: object = {}) => ({
	kind: "directoryWorkspace" as const,
	id,
	version: 1,
	name: id,
	agent: "demo",
	ownerId: "ada",
	createdAt: 5,
	...more,
});
const active = { filter: "active", query: "" } as const;
const ids = (rows: readonly { id: string }[]) => rows.map(({ id }) => id);

test("what needs us comes first, then the latest, and each stands there once", () => {
	const rows = listedWorkspaces(
		[mine("a"), mine("b", { lastAt: 30 }), mine("c", { needsYou: true })],
		[listed("a"), listed("d", { createdAt: 20 })],
		active,
	);
	expect(ids(rows)).toEqual(["c", "b", "d", "a"]);
	expect(rows.find(({ id }) => id === "d")).toMatchObject({ isMember: false, state: undefined });
});

test("archived ones are there for whoever asks for them", () => {
	const all = [mine("a"), mine("old", { archivedAt: 7 })];
	const open = [listed("older", { archivedAt: 3 })];
	expect(ids(listedWorkspaces(all, open, active))).toEqual(["a"]);
	expect(ids(listedWorkspaces(all, open, { filter: "archived", query: "" }))).toEqual(["old", "older"]);
	expect(ids(listedWorkspaces(all, open, { filter: "archived", query: " OLDER" }))).toEqual(["older"]);
});
