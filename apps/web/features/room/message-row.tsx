"use client";
import type { Message } from "@bullpen/domain/message";
import { Ban } from "lucide-react";
import { lazy, memo, type ReactNode, Suspense, useState } from "react";
import type { Person, PersonOf } from "../../live/person.ts";
import { Avatar } from "../../ui/avatar.tsx";
import { cx } from "../../ui/cx.ts";
import { Markdown } from "../../ui/markdown.tsx";
import { clockOf, fullTimeOf } from "../../ui/time.ts";
import { MessageActions } from "./message-actions.tsx";
import { Reactions } from "./reactions.tsx";
import { useLongPress } from "./use-long-press.ts";

const MessageEditor = lazy(() => import("./message-editor.tsx"));

/** What can be done to a message. Absent: not allowed. */
export interface MessageVerbs {
	react?: ((id: number, emoji: string) => void) | undefined;
	edit?: ((id: number) => void) | undefined;
	/** Why it was refused, in words, or null when it is done. */
	saveEdit: (id: number, text: string) => Promise<string | null>;
	endEdit: () => void;
	remove?: ((message: Message) => void) | undefined;
	copyLink: (id: number) => void;
}

interface MessageRowProps {
	message: Message;
	isHead: boolean;
	me: string;
	personOf: PersonOf;
	verbs: MessageVerbs;
	isEditing: boolean;
	isFound: boolean;
	isTabStop: boolean;
}

export const MessageRow = memo(function MessageRow(props: MessageRowProps) {
	const { message, me, personOf, verbs, isEditing } = props;
	const [isNear, setNear] = useState(false);
	const [isPickerOpen, setPickerOpen] = useState(false);
	const longPress = useLongPress(() => setNear(true));
	const author = personOf(message.sender);
	const isDeleted = message.deletedAt !== undefined;

	return (
		<article
			aria-label={`${author.name}, ${clockOf(message.timestamp)}`}
			data-entry={message.id}
			tabIndex={props.isTabStop ? 0 : -1}
			className={cx(
				"group relative flex gap-3 px-4 py-0.75 outline-none transition-colors focus-visible:bg-hover focus-visible:shadow-[inset_2px_0_0_var(--color-accent)] md:px-5",
				isNear && !isEditing && "bg-hover",
				isEditing && "bg-attention-soft",
				props.isFound && "animate-found",
			)}
			onMouseEnter={() => setNear(true)}
			onMouseLeave={() => setNear(false)}
			onFocus={() => setNear(true)}
			onBlur={(event) => !event.currentTarget.contains(event.relatedTarget) && setNear(false)}
			{...longPress}
		>
			<Gutter author={author} at={message.timestamp} isHead={props.isHead} />
			<div className="min-w-0 flex-1">
				{props.isHead && <Byline author={author} at={message.timestamp} />}
				{isDeleted ? (
					<p className="flex items-center gap-1.5 text-text-faint italic">
						<Ban className="size-3.5" aria-hidden="true" />
						Message deleted
					</p>
				) : isEditing ? (
					<Suspense>
						<MessageEditor
							text={message.text}
							onSave={(text) => verbs.saveEdit(message.id, text)}
							onEnd={verbs.endEdit}
						/>
					</Suspense>
				) : (
					<>
						<Body text={message.text} editedAt={message.editedAt} />
						<Reactions
							reactions={message.reactions}
							me={me}
							personOf={personOf}
							onToggle={bind(verbs.react, message.id)}
						/>
					</>
				)}
			</div>
			{(isNear || isPickerOpen) && !isDeleted && !isEditing && (
				<MessageActions
					onReact={bind(verbs.react, message.id)}
					onEdit={message.sender === me ? bindOne(verbs.edit, message.id) : undefined}
					onDelete={message.sender === me ? bindOne(verbs.remove, message) : undefined}
					onCopyLink={() => verbs.copyLink(message.id)}
					onPickerChange={setPickerOpen}
				/>
			)}
		</article>
	);
});

const bind = <A, B>(verb: ((a: A, b: B) => void) | undefined, a: A) => verb && ((b: B) => verb(a, b));
const bindOne = <A,>(verb: ((a: A) => void) | undefined, a: A) => verb && (() => verb(a));

export function Gutter({ author, at, isHead }: { author: Person; at: number; isHead: boolean }) {
	if (isHead) return <Avatar id={author.id} name={author.name} className="mt-0.5" />;
	return (
		<time
			dateTime={new Date(at).toISOString()}
			title={fullTimeOf(at)}
			className="w-9 shrink-0 pt-0.75 text-end text-[0.625rem] text-text-faint leading-4.5 opacity-0 tabular-nums group-focus-within:opacity-100 group-hover:opacity-100"
		>
			{clockOf(at).replace(/\s?[AP]M$/i, "")}
		</time>
	);
}

export function Byline({ author, at, children }: { author: Person; at: number; children?: ReactNode }) {
	return (
		<div className="flex items-baseline gap-2">
			<span className="truncate font-semibold">{author.name}</span>
			<time
				dateTime={new Date(at).toISOString()}
				title={fullTimeOf(at)}
				className="shrink-0 text-text-faint text-xs tabular-nums"
			>
				{clockOf(at)}
			</time>
			{children}
		</div>
	);
}

function Body({ text, editedAt }: { text: string; editedAt: number | undefined }) {
	return (
		<>
			<Markdown text={text} className="max-w-200 text-md" />
			{editedAt !== undefined && (
				<span className="text-text-faint text-xs" title={fullTimeOf(editedAt)}>
					edited
				</span>
			)}
		</>
	);
}
