import type { RoomStore } from "@bullpen/client/room-store";
import { readCommand, type Written } from "@bullpen/domain/command";
import { Problem } from "@bullpen/domain/problem";
import type { Person } from "../../live/person.ts";
import { wordsFor } from "../../live/words.ts";

/** One call of a bot, wherever it was written. */
export interface Call {
	botId: string;
	name: string;
	args: string;
	threadOf?: number;
}

/** What is to be done with what was written: said, asked of a bot, or refused in words. */
export type Wish = Extract<Written, { type: "text" }> | { type: "call"; call: Call } | { type: "refused"; why: string };

/** Of two bots with the same command the one that comes first by its name is meant. */
export function wishIn(written: string, members: readonly Person[], hasFiles: boolean): Wish {
	const read = readCommand(written);
	if (read.type === "text") return read;
	const able = members.filter(({ commands }) => commands?.some(({ name }) => name === read.name));
	const [bot] = able.sort((a, b) => a.name.localeCompare(b.name));
	if (bot === undefined) {
		const why = `No bot here knows /${read.name}. To send it as text, begin with two slashes.`;
		return { type: "refused", why };
	}
	if (hasFiles) return { type: "refused", why: "A command takes no files." };
	return { type: "call", call: { botId: bot.id, name: read.name, args: read.args } };
}

/** Why the bot was not told, in words, or null when it was. */
export async function callBot(store: RoomStore, call: Call): Promise<string | null> {
	try {
		await store.runCommand(call);
		return null;
	} catch (error) {
		if (!(error instanceof Problem)) return wordsFor(error);
		if (error.code === "not_found") return `No bot here knows /${call.name} any more.`;
		if (error.code === "busy" && error.details.state === "away") {
			return `The bot of /${call.name} is not running now. Try again later, or tell who runs it.`;
		}
		return wordsFor(error);
	}
}
