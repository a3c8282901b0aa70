import { Ban, CornerDownRight, Pin } from "lucide-react";
import type { ReactNode } from "react";
import type { Person } from "../../live/person.ts";
import { Avatar } from "../../ui/avatar.tsx";
import { BotBadge } from "../../ui/bot-badge.tsx";
import { Markdown } from "../../ui/markdown.tsx";
import { clockOf, fullTimeOf } from "../../ui/time.ts";

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
			{author.isBot && <BotBadge />}
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

export function Body({ text, editedAt }: { text: string; editedAt: number | undefined }) {
	return (
		<>
			{text !== "" && <Markdown text={text} className="max-w-200 text-md" />}
			{editedAt !== undefined && (
				<time
					dateTime={new Date(editedAt).toISOString()}
					title={`Edited ${fullTimeOf(editedAt)}`}
					className="text-text-faint text-xs"
				>
					edited
				</time>
			)}
		</>
	);
}

export function Tombstone() {
	return (
		<p className="flex items-center gap-1.5 text-text-faint italic">
			<Ban className="size-3.5" aria-hidden="true" />
			Message deleted
		</p>
	);
}

export function PinnedBy({ name, at }: { name: string; at: number }) {
	return (
		<p className="flex items-center gap-1.5 pb-0.5 text-attention-text text-xs" title={fullTimeOf(at)}>
			<Pin className="size-3" aria-hidden="true" />
			Pinned by {name}
		</p>
	);
}

/** Over a reply that is both in its thread and in the room: where else it is. */
export function AlsoElsewhere({ words, onOpen }: { words: string; onOpen?: (() => void) | undefined }) {
	const look = "flex items-center gap-1.5 pb-0.5 text-text-faint text-xs";
	const inside = (
		<>
			<CornerDownRight className="size-3" aria-hidden="true" />
			{words}
		</>
	);
	if (!onOpen) return <p className={look}>{inside}</p>;
	return (
		<button type="button" onClick={onOpen} className={`${look} hover:text-text hover:underline`}>
			{inside}
		</button>
	);
}
