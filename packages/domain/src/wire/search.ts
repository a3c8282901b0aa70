import { z } from "zod";
import { BarPersonInput } from "../directory.ts";
import { FindInRoomInput, FoundInRoom, Indexed, NoteMessagesInput, SearchHits, SearchInput } from "../search.ts";
import { type ActorShape, action, Done, Nothing, relayed } from "./shape.ts";

/** The index of messages. */
export const SEARCH = {
	actions: {
		...relayed,
		/** Messages of all rooms that the caller is in. */
		search: action(SearchInput, SearchHits),
		/** Whether rooms are still missing in the index. */
		getIndexState: action(Nothing, z.strictObject({ isFilling: z.boolean() })),
		noteMessages: action(NoteMessagesInput, Indexed),
		findInRoom: action(FindInRoomInput, FoundInRoom),
		barPerson: action(BarPersonInput, Done),
		/** From the rooms process when it starts: rooms that were never indexed are called up, one after the other. */
		init: action(Nothing, Done),
	},
	events: {},
} as const satisfies ActorShape;
