import { peopleOfDirect } from "@bullpen/domain/direct-room";
import type { PersonOf } from "./person.ts";

interface Named {
	readonly name: string;
	readonly visibility: "public" | "private" | "direct";
}

/** The others of a direct room, by its name; nobody for another room. */
export const othersIn = (room: Named, me: string): string[] =>
	room.visibility === "direct" ? peopleOfDirect(room.name).filter((id) => id !== me) : [];

/** What a room is called: a direct one by the others in it. */
export function roomName(room: Named, me: string, personOf: PersonOf): string {
	if (room.visibility !== "direct") return room.name;
	const names = othersIn(room, me).map((id) => personOf(id).name);
	return names.length > 1 ? names.map((name) => name.split(" ")[0] ?? name).join(", ") : (names[0] ?? room.name);
}

/** As it is said in a sentence: `#general`, or who it is with. */
export const roomLabel = (room: Named, me: string, personOf: PersonOf): string =>
	`${room.visibility === "direct" ? "" : "#"}${roomName(room, me, personOf)}`;
