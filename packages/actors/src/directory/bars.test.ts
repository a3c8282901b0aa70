import { LIMITS } from "@bullpen/domain/limits";
import { expect, test } from "vitest";
import type { Frame } from "../frame.ts";
import { Bars } from "./bars.ts";
import type { Catalogue } from "./catalogue.ts";

/** A directory with a public room and a workspace for all; `answers` says what an actor does when it is told. */
function openDirectory(answers: (actor: string, action: string) => Promise<unknown>) {
	const told: string[] = [];
	const get = (actor: string, key: string) => {
		const run = (action: string) => () => {
			told.push(`${actor} ${key} ${action}`);
			return answers(actor, action);
		};
		return { barPerson: run("barPerson"), getPlaces: run("getPlaces") };
	};
	const rows = [
		{ kind: "directoryRoom", id: "r-open" },
		{ kind: "directoryWorkspace", id: "w-open" },
	];
	const catalogue = {
		limits: LIMITS,
		now: Date.now,
		peers: { get },
		audience: { bar: () => undefined },
		table: { snapshot: () => ({ rows }) },
		workspaceIdsOf: () => [],
	} as unknown as Catalogue;
	const frame = { schedule: {}, log: { warn: () => undefined } } as unknown as Frame<unknown>;
	const bars = new Bars(frame, catalogue);
	bars.keep({ kind: "bar", userId: "eve", at: 1_000 });
	return { bars, told };
}

test("[PEO2] whatever somebody may have open is told, their own and what is open to all", async () => {
	const places = { roomIds: ["r-own", "r-open"], workspaceIds: ["w-own"] };
	const { bars, told } = openDirectory(async (_, action) => (action === "getPlaces" ? places : { ok: true }));
	expect(await bars.tell("eve")).toBe(true);
	expect(told.sort()).toEqual([
		"chatRoom r-open barPerson",
		"chatRoom r-own barPerson",
		"search main barPerson",
		"userInbox eve barPerson",
		"userInbox eve getPlaces",
		"workspace w-open barPerson",
		"workspace w-own barPerson",
	]);
});

test.each(["userInbox", "search", "chatRoom", "workspace"])(
	"[PEO2] [P6] a broken %s keeps nothing else open, and is told again",
	async (broken) => {
		const { bars, told } = openDirectory(async (actor, action) => {
			if (actor === broken) throw new Error("it does not answer");
			return action === "getPlaces" ? { roomIds: [], workspaceIds: [] } : { ok: true };
		});
		expect(await bars.tell("eve")).toBe(false);
		for (const other of ["search main", "chatRoom r-open", "workspace w-open", "userInbox eve"]) {
			expect(told).toContain(`${other} barPerson`);
		}
	},
);
