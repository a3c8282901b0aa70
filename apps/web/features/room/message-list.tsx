"use client";
import type { Message } from "@bullpen/domain/message";
import { type ReactNode, useEffect } from "react";
import type { Person, PersonOf } from "../../live/person.ts";
import { BottomList } from "../../ui/bottom-list.tsx";
import { cx } from "../../ui/cx.ts";
import { dayLabelOf } from "../../ui/time.ts";
import { MessageRow, type MessageVerbs } from "./message-row.tsx";
import { OutgoingRow } from "./outgoing-row.tsx";
import type { TimelineEntry } from "./timeline.ts";

/** A message by its id: null when the room has it no more, undefined while that is not known. */
export type MessageOf = (id: number) => Message | null | undefined;
/** A message to bring into view and point out; again when `count` changes. */
export interface Found {
	id: number;
	count: number;
}

interface MessageListProps {
	label: string;
	entries: readonly TimelineEntry[];
	me: string;
	personOf: PersonOf;
	verbs: MessageVerbs;
	members: readonly Person[];
	messageOf: MessageOf;
	/** The room's name inside a thread; null in the room. */
	threadIn: string | null;
	/** Everything from this message on is new to the reader. */
	newFrom: number | null;
	editingId: number | null;
	found: Found | null;
	older: "more" | "loading" | "none";
	newer: "more" | "loading" | "none";
	intro: ReactNode;
	onLoadOlder: () => void;
	onLoadNewer: () => void;
	onNewest: () => void;
	/** The newest message is on the screen. */
	onSeen: (seq: number) => void;
	onRetry: (nonce: string) => void;
	onDiscard: (nonce: string) => void;
}

export function MessageList(props: MessageListProps) {
	const { entries, found, onSeen } = props;
	const newest = entries.findLast((entry) => entry.type === "sent")?.message.id;
	const isFound = (entry: TimelineEntry) => entry.type === "sent" && entry.message.id === found?.id;
	useEffect(fetchActions, []);
	const newFrom = entries.find((entry) => isNewTo(entry, props.newFrom))?.key;
	return (
		<BottomList
			label={props.label}
			entries={entries}
			foundKey={entries.find(isFound)?.key ?? null}
			foundCount={found?.count ?? 0}
			isLastOwn={entries.at(-1)?.type === "outgoing"}
			older={props.older}
			newer={props.newer}
			onLoadNewer={props.onLoadNewer}
			onNewest={props.onNewest}
			intro={props.intro}
			newWords={newWords}
			startsAtTop={props.threadIn !== null}
			onLoadOlder={props.onLoadOlder}
			onEndShown={() => newest !== undefined && onSeen(newest)}
		>
			{(entry, isTabStop) => (
				<div className={cx(entry.isHead && !entry.startsDay && "pt-3")}>
					{entry.startsDay && <DaySeparator at={timeOf(entry)} />}
					{entry.key === newFrom && <NewSeparator />}
					{entry.type === "sent" ? (
						<MessageRow
							message={entry.message}
							isHead={entry.isHead}
							me={props.me}
							personOf={props.personOf}
							verbs={props.verbs}
							members={props.members}
							quoted={entry.message.replyTo === undefined ? undefined : props.messageOf(entry.message.replyTo)}
							alsoIn={alsoWords(entry.message, props.threadIn)}
							isEditing={props.editingId === entry.message.id}
							isFound={isFound(entry)}
							isTabStop={isTabStop}
						/>
					) : (
						<OutgoingRow
							outgoing={entry.outgoing}
							author={props.personOf(props.me)}
							isHead={entry.isHead}
							isTabStop={isTabStop}
							onRetry={props.onRetry}
							onDiscard={props.onDiscard}
						/>
					)}
				</div>
			)}
		</BottomList>
	);
}

/** Before somebody reaches for them. */
function fetchActions(): void {
	import("./message-actions.tsx").catch(() => undefined); // they are asked for again then
}

/** The first of those that somebody else wrote after `newFrom`, if the reader has seen any before it. */
const isNewTo = (entry: TimelineEntry, newFrom: number | null): boolean =>
	newFrom !== null && entry.type === "sent" && entry.message.id >= newFrom;

function alsoWords({ threadOf, alsoInRoom }: Message, threadIn: string | null): string | null {
	if (threadOf === undefined || alsoInRoom !== true) return null;
	return threadIn === null ? "Replied in a thread" : `Also in #${threadIn}`;
}

const timeOf = (entry: TimelineEntry) => (entry.type === "sent" ? entry.message.timestamp : entry.outgoing.createdAt);

const newWords = (count: number) =>
	count === 0 ? "Jump to newest" : `${count} new ${count === 1 ? "message" : "messages"}`;

function DaySeparator({ at }: { at: number }) {
	return (
		<div className="flex items-center gap-3 px-4 pt-6 pb-2 md:px-5">
			<span className="h-px flex-1 bg-line" aria-hidden="true" />
			<span className="font-medium text-text-faint text-xs">{dayLabelOf(at, Date.now())}</span>
			<span className="h-px flex-1 bg-line" aria-hidden="true" />
		</div>
	);
}

function NewSeparator() {
	return (
		<div className="flex items-center gap-3 px-4 pt-2 pb-1 md:px-5">
			<span className="h-px flex-1 bg-danger/50" aria-hidden="true" />
			<span className="font-semibold text-danger-text text-xs">New</span>
		</div>
	);
}
