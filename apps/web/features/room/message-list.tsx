"use client";
import type { ReactNode } from "react";
import type { PersonOf } from "../../live/person.ts";
import { BottomList } from "../../ui/bottom-list.tsx";
import { cx } from "../../ui/cx.ts";
import { dayLabelOf } from "../../ui/time.ts";
import { MessageRow, type MessageVerbs } from "./message-row.tsx";
import { OutgoingRow } from "./outgoing-row.tsx";
import type { TimelineEntry } from "./timeline.ts";

interface MessageListProps {
	entries: readonly TimelineEntry[];
	me: string;
	personOf: PersonOf;
	verbs: MessageVerbs;
	editingId: number | null;
	/** A message to bring into view and point out. */
	foundId: number | null;
	older: "more" | "loading" | "none";
	intro: ReactNode;
	onLoadOlder: () => void;
	/** The newest message is on the screen. */
	onSeen: (seq: number) => void;
	onRetry: (nonce: string) => void;
	onDiscard: (nonce: string) => void;
}

export function MessageList(props: MessageListProps) {
	const { entries, foundId, onSeen } = props;
	const newest = entries.findLast((entry) => entry.type === "sent")?.message.id;
	const isFound = (entry: TimelineEntry) => foundId !== null && entry.type === "sent" && entry.message.id === foundId;
	return (
		<BottomList
			label="Messages"
			entries={entries}
			foundKey={entries.find(isFound)?.key ?? null}
			isLastOwn={entries.at(-1)?.type === "outgoing"}
			older={props.older}
			intro={props.intro}
			newWords={newWords}
			onLoadOlder={props.onLoadOlder}
			onEndShown={() => newest !== undefined && onSeen(newest)}
		>
			{(entry, isTabStop) => (
				<div className={cx(entry.isHead && !entry.startsDay && "pt-3")}>
					{entry.startsDay && <DaySeparator at={timeOf(entry)} />}
					{entry.type === "sent" ? (
						<MessageRow
							message={entry.message}
							isHead={entry.isHead}
							me={props.me}
							personOf={props.personOf}
							verbs={props.verbs}
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
