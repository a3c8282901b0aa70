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
