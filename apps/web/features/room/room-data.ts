import type { Message } from "@bullpen/domain/message";
import type { Person, PersonOf } from "../../live/person.ts";
import type { Outgoing } from "./timeline.ts";

/** A room as its screen draws it. */
export interface OpenRoom {
	id: string;
	name: string;
	topic: string;
	visibility: "public" | "private" | "direct";
	/** Joined members, those who are here first. */
	members: readonly Person[];
	isMember: boolean;
	canJoin: boolean;
	isJoining: boolean;
	messages: readonly Message[];
	outgoing: readonly Outgoing[];
	older: "more" | "loading" | "none";
	/** Older messages existed and were pruned. */
	isPruned: boolean;
	typing: readonly Person[];
	/** Unix ms at which what waits for the server's patience goes out, or null. */
	waitUntil: number | null;
}

export interface RoomVerbs {
	/** Why it cannot be sent, in words, or null when it is on its way. */
	send: (text: string) => string | null;
	retry: (nonce: string) => void;
	discard: (nonce: string) => void;
	/** Why it was refused, in words, or null when it is done. */
	edit: (id: number, text: string) => Promise<string | null>;
	remove: (id: number) => void;
	react: (id: number, emoji: string) => void;
	join: () => void;
	loadOlder: () => void;
	/** Everything up to this message was on the screen. */
	seen: (seq: number) => void;
	setTyping: (isTyping: boolean) => void;
	retryOpening: () => void;
}

export type RoomData =
	| { phase: "loading" }
	/** There is no such room, or it is not for us: the same to whoever asks. */
	| { phase: "closed" }
	| { phase: "failed"; reason: string }
	| { phase: "open"; room: OpenRoom };

export interface RoomModel {
	data: RoomData;
	me: string;
	personOf: PersonOf;
	verbs: RoomVerbs;
}
