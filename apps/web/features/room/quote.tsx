"use client";
import type { Message } from "@bullpen/domain/message";
import { useEffect } from "react";
import { FilesHint } from "../../live/files-hint.tsx";
import type { PersonOf } from "../../live/person.ts";
import { TextWithTokens } from "../../ui/inline-tokens.tsx";
import { withoutMarks } from "../../ui/without-marks.ts";

const SHOWN_CHARS = 240;

interface QuoteProps {
	id: number;
	/** As it is now. Null: the room has it no more. Undefined: not known yet. */
	message: Message | null | undefined;
	personOf: PersonOf;
	onWant: (id: number) => void;
	onGoTo: (id: number) => void;
}

/** What a message answers, in one line. */
export function Quote({ id, message, personOf, onWant, onGoTo }: QuoteProps) {
	const isUnknown = message === undefined;
	useEffect(() => {
		if (isUnknown) onWant(id);
	}, [id, isUnknown, onWant]);
	const isThere = message !== null && message !== undefined;
	return (
		<button
			type="button"
			disabled={!isThere}
			onClick={() => onGoTo(id)}
			className="mb-1 flex w-full max-w-200 min-w-0 items-baseline gap-1.5 rounded-xs border-line-strong border-s-3 py-0.5 ps-2.5 text-start text-sm text-text-muted enabled:hover:border-accent enabled:hover:text-text"
		>
			{isThere && <span className="shrink-0 font-medium">{personOf(message.sender).name}</span>}
			<QuotedWords message={message} />
		</button>
	);
}

/** A message's words in one line, whatever became of it. */
export function QuotedWords({ message }: { message: Message | null | undefined }) {
	if (message === undefined) return <span className="text-text-faint">…</span>;
	if (message === null) return <span className="text-text-faint italic">No longer kept in this room</span>;
	if (message.deletedAt !== undefined) return <span className="text-text-faint italic">Message deleted</span>;
	return (
		<span className="min-w-0 truncate">
			{message.text !== "" && <TextWithTokens text={inOneLine(message.text)} />}{" "}
			{message.attachments && <FilesHint files={message.attachments} />}
		</span>
	);
}

const inOneLine = (text: string): string =>
	withoutMarks(text.slice(0, SHOWN_CHARS).toWellFormed()).replace(/\s+/g, " ");
