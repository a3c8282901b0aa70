import { LIMITS } from "@bullpen/domain/limits";
import { expect, test } from "vitest";
import { Notes } from "./notes.ts";
import type { Room } from "./room.ts";
import type { Member } from "./store/room-store.ts";

const MEMBER = {
	row: { id: "bob", status: "joined" },
	place: { joinedAtSeq: 0, joinedAtVersion: 0 },
} as Member;

test("what could not be read for one note is read again for the next, though nothing changed in the room", async () => {
	let isBroken = true;
	const execute = async () => {
		if (isBroken) throw new Error("the tables cannot be read right now");
		return [];
	};
	const room = { db: { execute }, limits: LIMITS, room: {}, version: 3, headSeq: 2, floorSeq: 1, followVersion: 0 };
	const notes = new Notes(room as unknown as Room);
	await expect(notes.since(MEMBER, 1)).rejects.toThrow("cannot be read");
	isBroken = false;
	expect(await notes.since(MEMBER, 1)).toMatchObject({ userId: "bob", version: 3, headSeq: 2 });
});

test("what is said while a note is made is the next one's, so that nobody is told of it twice", async () => {
	const row = (seq: number) => ({
		...{ seq, version: seq, sender: "ada", is_edited: 0, is_deleted: 0, is_thread_only: 0, thread_of: null },
		...{ marked: "<@bob>", found: 3 },
	});
	const execute = async (sql: string) =>
		sql.includes("marked")
			? [row(1), row(2), row(3)]
			: [1, 2].map((seq) => ({ seq, sender: "ada", text: "<@bob>", timestamp: 1, thread_of: null, attachments: null }));
	const room = { db: { execute }, limits: LIMITS, room: {}, version: 2, headSeq: 2, floorSeq: 1, followVersion: 9 };
	const told = await new Notes(room as unknown as Room).since(MEMBER, 0);
	expect(told).toMatchObject({
		version: 2,
		headSeq: 2,
		facts: [
			[1, 1, "mention"],
			[2, 2, "mention"],
		],
	});
	expect(told.news.map(({ seq }) => seq)).toEqual([1, 2]);
	const above = await new Notes(room as unknown as Room).above(MEMBER, 0);
	expect(above.facts.map(([seq]) => seq)).toEqual([1, 2]);
});
