import type { OutgoingMessage } from "@bullpen/client/outgoing-message";
import type { Message } from "@bullpen/domain/message";
import type { Person, PersonOf } from "../../live/person.ts";
import type { Reading } from "../../live/use-reading.ts";
import type { Call } from "./commands.ts";
import type { Governance, GovernVerbs } from "./governance.ts";
import type { Found, MessageOf } from "./message-list.tsx";
import type { Outgoing } from "./timeline.ts";

type Pages = "more" | "loading" | "none";

/** The thread that is open beside a room. */
export interface OpenThread {
	rootId: number;
	/** Null: the room has it no more. Undefined: not known yet. */
	root: Message | null | undefined;
	isLoaded: boolean;
	/** Why it cannot be read, in words. */
	problem: string | null;
	messages: readonly Message[];
	outgoing: readonly Outgoing[];
	older: Pages;
	newer: Pages;
	/** New replies concern us. */
	isFollowing: boolean;
}

/** A room as its screen draws it. */
export interface OpenRoom {
	id: string;
	/** Of a direct room the others in it. */
	name: string;
	/** As it is said in a sentence: `#general`, or whom it is with. */
	label: string;
	topic: string;
	visibility: "public" | "private" | "direct";
	/** Joined members, those who are here first. */
	members: readonly Person[];
	governance: Governance;
	isMember: boolean;
	canJoin: boolean;
	isJoining: boolean;
	/** Without the replies that only their threads show. */
	messages: readonly Message[];
	outgoing: readonly Outgoing[];
	older: Pages;
	/** What is shown does not reach to the newest. */
	newer: Pages;
	thread: OpenThread | null;
	pinnedIds: readonly number[];
	messageOf: MessageOf;
	/** Older messages existed and were pruned. */
	isPruned: boolean;
	typing: readonly Person[];
	/** Unix ms at which what waits for the server's patience goes out, or null. */
	waitUntil: number | null;
}

/** Moves what is shown over a long list. */
export interface PageVerbs {
	loadOlder: () => void;
	loadNewer: () => void;
	showNewest: () => void;
}

export interface RoomVerbs extends PageVerbs {
	govern: GovernVerbs;
	/** Why it cannot be sent, in words, or null when it is on its way. */
	send: (input: OutgoingMessage) => string | null;
	/** Why the bot was not told, in words, or null when it was. */
	call: (call: Call) => Promise<string | null>;
	retry: (nonce: string) => void;
	discard: (nonce: string) => void;
	/** Why it was refused, in words, or null when it is done. */
	edit: (id: number, text: string) => Promise<string | null>;
	remove: (id: number) => void;
	react: (id: number, emoji: string) => void;
	pin: (id: number, pinned: boolean) => void;
	follow: (rootId: number, isFollowing: boolean) => void;
	openThread: (rootId: number | null) => void;
	thread: PageVerbs;
	/** Brings a message into view, in the room or in its thread. */
	goTo: (id: number) => void;
	/** Makes these known to `messageOf`. */
	want: (ids: readonly number[]) => void;
	join: () => void;
	/** Everything up to this message was on the screen. */
	seen: (seq: number) => void;
	/** This message and all after it are to be unread. */
	markUnread: (seq: number) => void;
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
	/** What is new to us here. */
	reading: Reading;
	/** What was asked to be shown, in the room and in its open thread. */
	found: { room: Found | null; thread: Found | null };
}
