import { findableText } from "@bullpen/domain/message-attachment";
import { Problem } from "@bullpen/domain/problem";
import { cleanSearch, type Found, type SearchHit, type SearchHits } from "@bullpen/domain/search";
import { parseSearch } from "@bullpen/domain/search-query";
import { matchesIn, snippetOf } from "@bullpen/domain/search-text";
import type { Person } from "../identity.ts";
import { passingOn } from "../peer-refusal.ts";
import type { Room } from "./room.ts";
import { readLiving } from "./store/indexable.ts";

/** What the index found, as the room has it now: who may not read it, and what says something else by now, is left out. */
export async function showFound(
	room: Room,
	input: {
		readonly userId: string;
		readonly ticketAt: number;
		readonly query: string;
		readonly found: readonly Found[];
	},
): Promise<SearchHit[]> {
	if (!mayRead(room, input)) return [];
	return hitsOf(room, input.query, input.found);
}

/**
 * The newest messages of this room that say something: the index says where, the room says what.
 * @throws Problem `text_*` `busy`
 */
export async function searchRoom(
	room: Room,
	person: Person,
	input: { query: string; before?: string | undefined; limit?: number | undefined },
): Promise<SearchHits> {
	const query = cleanSearch(input.query, room.limits);
	let before = input.before;
	for (let round = 1; ; round++) {
		const asked = { roomId: room.id, userId: person.userId, query, limit: input.limit, before };
		const { found, next, scannedBackTo } = await passingOn(room.peers.get("search", "main").findInRoom(asked));
		const hits = room.door.mayRead(person) ? await hitsOf(room, query, found) : [];
		if (hits.length > 0 || next === null || round === room.limits.searchRounds) return { hits, next, scannedBackTo };
		before = next;
	}
}

async function hitsOf(room: Room, typed: string, found: readonly Found[]): Promise<SearchHit[]> {
	const { terms } = parseSearch(typed);
	const messages = await readLiving(
		room.db,
		found.map(({ seq }) => seq),
	);
	const now = new Map(messages.map((message) => [message.id, message]));
	return found.flatMap(({ seq, version }) => {
		const message = now.get(seq);
		if (message === undefined) return [];
		const { id, sender, timestamp, editedAt, threadOf, attachments } = message;
		const text = findableText(message.text, attachments);
		const ranges = matchesIn(text, terms);
		// The index's own reading of a text counts, as long as that is the text it read.
		if (ranges === null && message.version !== version) return [];
		return {
			roomId: room.id,
			roomName: room.room.name,
			id,
			sender,
			timestamp,
			...(editedAt === undefined ? {} : { editedAt }),
			...(threadOf === undefined ? {} : { threadOf }),
			...(attachments === undefined ? {} : { files: attachments.length }),
			...snippetOf(text, ranges ?? []),
		};
	});
}

/** As little as anybody may be on the server: then only those read who were let in. */
function mayRead(room: Room, { userId, ticketAt }: { userId: string; ticketAt: number }): boolean {
	const person = { kind: "person", userId, name: "", role: "guest", ticketAt, leaseEndsAt: 0 } as const;
	try {
		room.door.receive(person);
		return room.door.mayRead(person);
	} catch (error) {
		if (error instanceof Problem) return false;
		throw error;
	}
}
