"use client";
import { LIMITS } from "@bullpen/domain/limits";
import type { Message } from "@bullpen/domain/message";
import { Timer, X } from "lucide-react";
import { lazy, type ReactNode, type Ref, Suspense, useImperativeHandle, useRef, useState } from "react";
import type { Person, PersonOf } from "../../live/person.ts";
import { IconButton } from "../../ui/button.tsx";
import { Composer, type ComposerHandle } from "../../ui/composer.tsx";
import { Kbd } from "../../ui/kbd.tsx";
import { countdownOf } from "../../ui/time.ts";
import { TypingLine } from "../../ui/typing-line.tsx";
import { useNow } from "../../ui/use-now.ts";
import { draftOf, keepDraft } from "./drafts.ts";
import { CALLED_UNASKED_MAX, calledBy, withTokens } from "./mention-text.ts";
import { QuotedWords } from "./quote.tsx";
import { ReactionPicker } from "./reaction-picker.tsx";
import { useWriting } from "./use-writing.ts";

const CallDialog = lazy(() => import("./call-dialog.tsx"));

interface RoomComposerProps {
	/** Where the draft belongs: a room, or a thread of it. */
	place: string;
	label: string;
	members: readonly Person[];
	me: string;
	personOf: PersonOf;
	typingNames: readonly string[];
	/** Unix ms until which the server asks us to wait, or null. */
	waitUntil: number | null;
	/** What is being answered, as it is now. */
	quoted: Message | null;
	onUnquote: () => void;
	/** Escape, where nothing is being answered. */
	onLeave?: () => void;
	/** Refuses with a sentence, or takes the text. */
	onSend: (text: string) => string | null;
	onTyping: (isTyping: boolean) => void;
	onRecall: () => void;
	/** Under the field. */
	children?: ReactNode;
	ref?: Ref<ComposerHandle>;
}

export function RoomComposer(props: RoomComposerProps) {
	const { place, label, members, me, waitUntil, quoted, onSend, onTyping, ref } = props;
	const [text, setText] = useState(() => draftOf(place));
	const [refusal, setRefusal] = useState<string | null>(null);
	const [asking, setAsking] = useState<{ text: string; count: number } | null>(null);
	const { names, suggest } = useWriting(members);
	const field = useRef<ComposerHandle>(null);
	useImperativeHandle(ref, () => ({
		focus: () => field.current?.focus(),
		insert: (more) => field.current?.insert(more),
	}));

	const change = (next: string) => {
		setText(next);
		setRefusal(null);
		keepDraft(place, next);
		onTyping(next.trim() !== "");
	};
	const send = (sent: string) => {
		const refused = onSend(sent);
		if (refused === null) change("");
		else setRefusal(refused);
	};
	const submit = () => {
		const sent = withTokens(text, names);
		const count = calledBy(sent, members, me);
		if (count > CALLED_UNASKED_MAX) setAsking({ text: sent, count });
		else send(sent);
	};
	const onEscape = quoted ? props.onUnquote : props.onLeave;
	const notice = refusal ? <Refusal text={refusal} /> : waitUntil !== null && <WaitNotice until={waitUntil} />;

	return (
		<>
			<Composer
				ref={field}
				label={label}
				placeholder={label}
				value={text}
				charsMax={LIMITS.messageTextCharsMax}
				suggest={suggest}
				hasMarkup
				notice={
					quoted ? (
						<>
							<Answering message={quoted} personOf={props.personOf} onCancel={props.onUnquote} />
							{notice}
						</>
					) : (
						notice
					)
				}
				tools={
					<ReactionPicker
						label="Insert emoji"
						question="Choose an emoji"
						size="md"
						onPick={(emoji) => field.current?.insert(`${emoji} `)}
					/>
				}
				onChange={change}
				onSubmit={submit}
				onRecall={props.onRecall}
				{...(onEscape && { onEscape })}
				footer={
					<>
						{props.children}
						<TypingLine names={props.typingNames} />
						{text !== "" && (
							<span className="ms-auto hidden shrink-0 items-center gap-1.5 pointer-fine:flex">
								<Kbd>Shift</Kbd>
								<Kbd>Enter</Kbd> new line
							</span>
						)}
					</>
				}
			/>
			{asking && (
				<Suspense>
					<CallDialog
						count={asking.count}
						onClose={() => setAsking(null)}
						onConfirm={() => {
							setAsking(null);
							send(asking.text);
						}}
					/>
				</Suspense>
			)}
		</>
	);
}

interface AnsweringProps {
	message: Message;
	personOf: PersonOf;
	onCancel: () => void;
}

function Answering({ message, personOf, onCancel }: AnsweringProps) {
	return (
		<div className="flex items-center gap-1.5 text-text-muted">
			<span className="shrink-0">Answering {personOf(message.sender).name}:</span>
			<QuotedWords message={message} />
			<span className="-my-1 ms-auto">
				<IconButton label="Do not quote" tip="none" onClick={onCancel}>
					<X />
				</IconButton>
			</span>
		</div>
	);
}

function Refusal({ text }: { text: string }) {
	return (
		<p role="alert" className="text-danger-text">
			{text}
		</p>
	);
}

function WaitNotice({ until }: { until: number }) {
	const left = Math.max(0, until - useNow(250));
	return (
		<p role="status" className="flex items-center gap-2 text-attention-text">
			<Timer className="size-4 shrink-0" aria-hidden="true" />
			That was fast. What you wrote goes out in {countdownOf(left)}.
		</p>
	);
}
