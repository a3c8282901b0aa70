"use client";
import type { ChatRow as Message } from "@bullpen/domain/side-chat";
import { Ban, Pencil, Quote, Trash2 } from "lucide-react";
import { type KeyboardEvent, useState } from "react";
import type { Person } from "../../../live/person.ts";
import { Avatar } from "../../../ui/avatar.tsx";
import { Button, IconButton } from "../../../ui/button.tsx";
import { Markdown } from "../../../ui/markdown.tsx";
import { clockOf, fullTimeOf } from "../../../ui/time.ts";
import type { ChatVerbs } from "./use-side-chat.ts";

interface ChatRowProps {
	message: Message;
	author: Person;
	isMine: boolean;
	/** Also others' messages, as the owner may. */
	mayDelete: boolean;
	mayQuote: boolean;
	/** Nothing can be said any more. */
	isReadOnly: boolean;
	verbs: ChatVerbs;
}

export function ChatRow({ message, author, isMine, mayDelete, mayQuote, isReadOnly, verbs }: ChatRowProps) {
	const [isEditing, setEditing] = useState(false);
	const isDeleted = message.deletedAt !== undefined;
	return (
		<article
			aria-label={`${author.name}, ${clockOf(message.at)}`}
			className="group relative flex gap-2.5 px-4 py-1.5 hover:bg-hover"
		>
			<Avatar id={author.id} name={author.name} size="sm" className="mt-0.5" />
			<div className="min-w-0 flex-1">
				<p className="flex items-baseline gap-2 text-sm">
					<span className="truncate font-semibold">{author.name}</span>
					<time
						dateTime={new Date(message.at).toISOString()}
						title={fullTimeOf(message.at)}
						className="shrink-0 text-text-faint text-xs tabular-nums"
					>
						{clockOf(message.at)}
					</time>
				</p>
				{isDeleted ? (
					<p className="flex items-center gap-1.5 text-sm text-text-faint italic">
						<Ban className="size-3.5" aria-hidden="true" />
						Message deleted
					</p>
				) : isEditing ? (
					<Editor text={message.text} onSave={(text) => verbs.edit(message.id, text)} onEnd={() => setEditing(false)} />
				) : (
					<>
						<Markdown text={message.text} className="text-sm" />
						{message.editedAt !== undefined && (
							<span className="text-text-faint text-xs" title={fullTimeOf(message.editedAt)}>
								edited
							</span>
						)}
					</>
				)}
			</div>
			{!isDeleted && !isEditing && !isReadOnly && (
				<div className="absolute end-3 -top-2.5 hidden gap-0.5 rounded-md bg-raised p-0.5 shadow-low group-focus-within:flex group-hover:flex pointer-coarse:static pointer-coarse:flex pointer-coarse:bg-transparent pointer-coarse:shadow-none">
					{mayQuote && (
						<IconButton label="Quote into the prompt" tip="top-end" onClick={() => verbs.quote(message)}>
							<Quote />
						</IconButton>
					)}
					{isMine && (
						<IconButton label="Edit" tip="top-end" onClick={() => setEditing(true)}>
							<Pencil />
						</IconButton>
					)}
					{(isMine || mayDelete) && (
						<IconButton label="Delete" tip="top-end" variant="danger" onClick={() => verbs.remove(message.id)}>
							<Trash2 />
						</IconButton>
					)}
				</div>
			)}
		</article>
	);
}

interface EditorProps {
	text: string;
	onSave: (text: string) => Promise<string | null>;
	onEnd: () => void;
}

function Editor({ text: before, onSave, onEnd }: EditorProps) {
	const [text, setText] = useState(before);
	const [refusal, setRefusal] = useState<string | null>(null);
	const save = async () => {
		const refused = await onSave(text);
		if (refused === null) onEnd();
		else setRefusal(refused);
	};
	const onKeyDown = (event: KeyboardEvent) => {
		if (event.key === "Escape") {
			event.stopPropagation();
			onEnd();
		}
		if (event.key === "Enter" && !event.shiftKey && !event.nativeEvent.isComposing) {
			event.preventDefault();
			void save();
		}
	};
	return (
		<div className="mt-1 space-y-2">
			<textarea
				aria-label="Edit your message"
				// biome-ignore lint/a11y/noAutofocus: it was asked for just now
				autoFocus
				rows={3}
				value={text}
				onChange={(event) => setText(event.target.value)}
				onKeyDown={onKeyDown}
				className="w-full resize-none rounded-md border border-line-strong bg-raised px-2.5 py-1.5 text-sm outline-none focus:border-accent focus:ring-3 focus:ring-accent-soft pointer-coarse:text-[1rem]"
			/>
			{refusal && (
				<p role="alert" className="text-danger-text text-sm">
					{refusal}
				</p>
			)}
			<div className="flex justify-end gap-2">
				<Button size="sm" onClick={onEnd}>
					Cancel
				</Button>
				<Button size="sm" variant="primary" disabled={text.trim() === ""} onClick={() => void save()}>
					Save
				</Button>
			</div>
		</div>
	);
}
