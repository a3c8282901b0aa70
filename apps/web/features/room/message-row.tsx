"use client";
import { mentionsIn } from "@bullpen/domain/mention";
import type { Message } from "@bullpen/domain/message";
import { memo, useState } from "react";
import type { Person, PersonOf } from "../../live/person.ts";
import { cx } from "../../ui/cx.ts";
import { fetched } from "../../ui/fetched.tsx";
import { clockOf } from "../../ui/time.ts";
import { useNear } from "../../ui/use-near.ts";
import { MessageFiles } from "./files/message-files.tsx";
import { AlsoElsewhere, Body, Byline, Gutter, PinnedBy, Tombstone } from "./message-parts.tsx";
import { Quote } from "./quote.tsx";
import { Reactions } from "./reactions.tsx";
import { ThreadLine } from "./thread-line.tsx";
import { useLongPress } from "./use-long-press.ts";

const MessageActions = fetched(() => import("./message-actions.tsx"));
const MessageEditor = fetched(() => import("./message-editor.tsx"));

/** What can be done to a message. Absent: not allowed. */
export interface MessageVerbs {
	react?: ((id: number, emoji: string) => void) | undefined;
	edit?: ((id: number) => void) | undefined;
	/** Why it was refused, in words, or null when it is done. */
	saveEdit: (id: number, text: string) => Promise<string | null>;
	endEdit: () => void;
	remove?: ((message: Message) => void) | undefined;
	/** Answers with a quote of it. */
	quote?: ((message: Message) => void) | undefined;
	/** Absent inside a thread. */
	openThread?: ((rootId: number) => void) | undefined;
	pin?: ((id: number, pinned: boolean) => void) | undefined;
	/** From this message on. */
	markUnread?: ((id: number) => void) | undefined;
	copyLink: (id: number) => void;
	goTo: (id: number) => void;
	want: (id: number) => void;
}

interface MessageRowProps {
	message: Message;
	isHead: boolean;
	me: string;
	personOf: PersonOf;
	verbs: MessageVerbs;
	/** Whom one may call upon. */
	members: readonly Person[];
	/** What it answers, as that is now. */
	quoted: Message | null | undefined;
	/** Where else it is shown, for a reply that is in its thread and in the room. */
	alsoIn: string | null;
	isEditing: boolean;
	isFound: boolean;
	isTabStop: boolean;
}

export const MessageRow = memo(function MessageRow(props: MessageRowProps) {
	const { message, me, personOf, verbs, isEditing } = props;
	const { isNear, come, handlers } = useNear();
	const [isPickerOpen, setPickerOpen] = useState(false);
	const longPress = useLongPress(come);
	const author = personOf(message.sender);
	const isDeleted = message.deletedAt !== undefined;
	const { thread, pinned, threadOf } = message;
	const openThread = bindOne(verbs.openThread, threadOf ?? message.id);

	return (
		<article
			aria-label={`${author.name}, ${clockOf(message.timestamp)}`}
			data-entry={message.id}
			tabIndex={props.isTabStop ? 0 : -1}
			className={cx(
				"group relative flex gap-3 px-4 py-0.75 outline-none transition-colors focus-visible:bg-hover focus-visible:shadow-[inset_2px_0_0_var(--color-accent)] md:px-5",
				isNear && !isEditing && "bg-hover",
				isEditing && "bg-attention-soft",
				!isEditing && callsOn(message, me) && "shadow-[inset_2px_0_0_var(--color-attention)]",
				props.isFound && "animate-found",
			)}
			{...handlers}
			{...longPress}
		>
			<Gutter author={author} at={message.timestamp} isHead={props.isHead} />
			<div className="min-w-0 flex-1">
				{pinned && <PinnedBy name={personOf(pinned.by).name} at={pinned.at} />}
				{props.alsoIn !== null && <AlsoElsewhere words={props.alsoIn} onOpen={openThread} />}
				{props.isHead && <Byline author={author} at={message.timestamp} />}
				{message.replyTo !== undefined && !isDeleted && (
					<Quote
						id={message.replyTo}
						message={props.quoted}
						personOf={personOf}
						onWant={verbs.want}
						onGoTo={verbs.goTo}
					/>
				)}
				{isDeleted ? (
					<Tombstone />
				) : (
					<>
						{isEditing ? (
							<MessageEditor
								text={message.text}
								hasFiles={message.attachments !== undefined}
								personOf={personOf}
								members={props.members}
								onSave={(text) => verbs.saveEdit(message.id, text)}
								onEnd={verbs.endEdit}
								onFail={verbs.endEdit}
							/>
						) : (
							<Body text={message.text} editedAt={message.editedAt} />
						)}
						{message.attachments && <MessageFiles files={message.attachments} messageId={message.id} />}
						{!isEditing && (
							<Reactions
								reactions={message.reactions}
								me={me}
								personOf={personOf}
								onToggle={bind(verbs.react, message.id)}
							/>
						)}
					</>
				)}
				{thread && verbs.openThread && (
					<ThreadLine thread={thread} personOf={personOf} onOpen={() => verbs.openThread?.(message.id)} />
				)}
			</div>
			{(isNear || isPickerOpen) && !isDeleted && !isEditing && (
				<MessageActions
					instead={null}
					isPinned={pinned !== undefined}
					onReact={bind(verbs.react, message.id)}
					onThread={openThread}
					onQuote={bindOne(verbs.quote, message)}
					onPin={verbs.pin && (() => verbs.pin?.(message.id, pinned === undefined))}
					onEdit={message.sender === me ? bindOne(verbs.edit, message.id) : undefined}
					onDelete={message.sender === me ? bindOne(verbs.remove, message) : undefined}
					onMarkUnread={
						message.sender !== me && threadOf === undefined ? bindOne(verbs.markUnread, message.id) : undefined
					}
					onCopyLink={() => verbs.copyLink(message.id)}
					onPickerChange={setPickerOpen}
				/>
			)}
		</article>
	);
});

const bind = <A, B>(verb: ((a: A, b: B) => void) | undefined, a: A) => verb && ((b: B) => verb(a, b));
const bindOne = <A,>(verb: ((a: A) => void) | undefined, a: A) => verb && (() => verb(a));

const callsOn = ({ text, sender }: Message, me: string): boolean => {
	if (sender === me || !text.includes("<@")) return false;
	const { userIds, here, room } = mentionsIn(text);
	return here || room || userIds.includes(me);
};
