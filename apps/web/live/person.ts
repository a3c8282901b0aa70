import type { BotCommand } from "@bullpen/domain/command";

/** Somebody as a room shows them. */
export interface Person {
	id: string;
	name: string;
	isOnline: boolean;
	/** What they say of themselves now. */
	status?: { text: string; emoji?: string | undefined } | undefined;
	/** They are a program. */
	isBot?: boolean;
	/** What they answer when somebody writes `/name`. */
	commands?: readonly BotCommand[];
	/** Their account is closed. */
	isGone?: boolean;
}
/** Anybody's name and presence; somebody unknown is shown by a neutral word. */
export type PersonOf = (id: string) => Person;
