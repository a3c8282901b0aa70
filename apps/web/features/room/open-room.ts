import type { RoomShown } from "@bullpen/client/room-store";
import type { ThreadShown } from "@bullpen/client/room-thread";
import type { Message } from "@bullpen/domain/message";
import type { RoomRow } from "@bullpen/domain/room";
import { isFollower, isThreadOnly } from "@bullpen/domain/thread-rules";
import type { PersonOf } from "../../live/person.ts";
import { roomLabel, roomName } from "../../live/room-name.ts";
import { wordsFor } from "../../live/words.ts";
import { governanceOf } from "./governance.ts";
import type { MessageOf } from "./message-list.tsx";
import type { OpenRoom, OpenThread } from "./room-data.ts";
import type { Outgoing } from "./timeline.ts";

/** A room as its screen draws it, of what the store shows. */
export function openRoom(
	room: RoomRow,
	shown: RoomShown,
	reader: { me: string; isServerOwner: boolean; personOf: PersonOf; isJoining: boolean },
): OpenRoom {
	const { me, personOf, isJoining } = reader;
	const governance = governanceOf(room, shown, reader);
	const isOpen = room.visibility === "public" || shown.members.get(me)?.status === "invited";
	const waits = shown.outgoing.flatMap(({ state }) => (state.type === "waiting" ? (state.retryAt ?? []) : []));
	const worthSaying = Date.now() + WAIT_MS_MIN;
	const outgoing = shown.outgoing.map(asOutgoing);
	const messageOf = finderIn(shown);
	return {
		id: room.id,
		name: roomName(room, me, personOf),
		label: roomLabel(room, me, personOf),
		topic: room.topic,
		visibility: room.visibility,
		members: governance.people,
		governance,
		isMember: shown.me !== null,
		canJoin: isOpen && !governance.isArchived,
		isJoining,
		messages: shown.messages.filter((message) => !isThreadOnly(message)),
		outgoing: outgoing.filter(({ threadOf, alsoInRoom }) => threadOf === undefined || alsoInRoom === true),
		older: shown.moving === "older" ? "loading" : shown.hasOlder ? "more" : "none",
		newer: shown.moving === "newer" ? "loading" : shown.hasNewer ? "more" : "none",
		thread: shown.thread === null ? null : openThread(shown.thread, outgoing, messageOf, me),
		pinnedIds: [...shown.pinnedIds],
		messageOf,
		isPruned: !shown.hasOlder && (shown.messages[0]?.id ?? 1) > 1,
		typing: shown.typingUserIds.map(personOf),
		waitUntil: waits.find((at) => at > worthSaying) ?? null,
	};
}

/** A shorter wait is over before one has read of it. */
const WAIT_MS_MIN = 1_000;

function openThread(shown: ThreadShown, outgoing: readonly Outgoing[], messageOf: MessageOf, me: string): OpenThread {
	const root = messageOf(shown.rootId);
	return {
		rootId: shown.rootId,
		root,
		isLoaded: shown.isLoaded && root !== undefined,
		problem: shown.problem === null ? null : wordsFor(shown.problem),
		messages: shown.messages,
		outgoing: outgoing.filter(({ threadOf }) => threadOf === shown.rootId),
		older: shown.moving === "older" ? "loading" : shown.hasOlder ? "more" : "none",
		newer: shown.moving === "newer" ? "loading" : shown.hasNewer ? "more" : "none",
		isFollowing: root != null && isFollower(root, me),
	};
}

/** Looks where a message may be held; each place is kept true by the same feed. */
function finderIn({ messages, thread, wanted }: RoomShown): MessageOf {
	let byId: Map<number, Message> | null = null;
	return (id) => {
		byId ??= new Map([...messages, ...(thread?.messages ?? [])].map((message) => [message.id, message]));
		return byId.get(id) ?? wanted.get(id);
	};
}

function asOutgoing({ nonce, input, createdAt, state }: RoomShown["outgoing"][number]): Outgoing {
	const isFailed = state.type === "failed";
	return {
		nonce,
		text: input.text,
		files: input.attachments?.map(({ attachment }) => attachment) ?? [],
		createdAt,
		status: isFailed ? "failed" : "sending",
		reason: isFailed ? wordsFor(state.problem) : undefined,
		threadOf: input.threadOf,
		alsoInRoom: input.alsoInRoom,
	};
}
