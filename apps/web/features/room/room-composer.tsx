"use client";
import type { Message } from "@bullpen/domain/message";
import type { UploadedAttachment } from "@bullpen/domain/message-attachment";
import { PAGE_LIMITS } from "@bullpen/domain/page-limits";
import { type ReactNode, type Ref, useEffect, useImperativeHandle, useRef, useState } from "react";
import type { Person, PersonOf } from "../../live/person.ts";
import { AttachButton } from "../../ui/attach-button.tsx";
import { Composer, type ComposerHandle } from "../../ui/composer.tsx";
import { fetched } from "../../ui/fetched.tsx";
import { FilePaste } from "../../ui/file-drop.tsx";
import { Kbd } from "../../ui/kbd.tsx";
import { notify } from "../../ui/toast.tsx";
import { TypingLine } from "../../ui/typing-line.tsx";
import { type Call, wishIn } from "./commands.ts";
import { Answering, FilesNotice, Refusal, WaitNotice } from "./composer-notices.tsx";
import { useMessageFiles } from "./files/use-message-files.ts";
import { CALLED_UNASKED_MAX, calledBy, withTokens } from "./mention-text.ts";
import { askToCall } from "./questions.tsx";
import { ReactionPicker } from "./reaction-picker.tsx";
import { focusIfTyping } from "./use-conversation.ts";
import { useDraft } from "./use-draft.ts";
import { useWriting } from "./use-writing.ts";

const FILES_LABEL = "Files of this message";
const NOT_ALL_THERE = "A file did not arrive. Try it again, or remove it.";

const LEFT_BEHIND = "What you wrote was not sent: its files were not there yet. It waits where you left it.";

const Confirm = fetched(() => import("../../ui/confirm.tsx"));
const FileTray = fetched(async () => ({ default: (await import("../../ui/file-tray.tsx")).FileTray }));

export interface RoomComposerHandle extends ComposerHandle {
	attach: (files: readonly File[]) => void;
}

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
	/** Refuses with a sentence, or takes it. */
	onSend: (text: string, attachments: UploadedAttachment[]) => string | null;
	/** Why the bot was not told, in words, or null when it was. */
	onCall: (call: Call) => Promise<string | null>;
	onTyping: (isTyping: boolean) => void;
	onRecall: () => void;
	/** Under the field. */
	children?: ReactNode;
	ref?: Ref<RoomComposerHandle>;
}

export function RoomComposer(props: RoomComposerProps) {
	const { place, label, members, me, waitUntil, quoted, onSend, onTyping, ref } = props;
	const [text, setText] = useDraft(place);
	const [refusal, setRefusal] = useState<string | null>(null);
	/** Text that goes out when the files beside it have arrived. */
	const [waiting, setWaiting] = useState<string | null>(null);
	const [asking, setAsking] = useState<{ text: string; count: number } | null>(null);
	const { names, suggest } = useWriting(members, true);
	const field = useRef<ComposerHandle>(null);
	const files = useMessageFiles(place, () => setWaiting(null));
	const attach = (added: readonly File[]) => {
		setWaiting(null);
		files.add(added);
		focusIfTyping(field.current);
	};
	useImperativeHandle(ref, () => ({
		focus: () => field.current?.focus(),
		insert: (more) => field.current?.insert(more),
		attach,
	}));

	const change = (next: string) => {
		setText(next);
		setRefusal(null);
		setWaiting(null);
		onTyping(next.trim() !== "");
	};
	const send = (sent: string) => {
		if (files.kept === null && !files.hasFailed) return setWaiting(sent);
		setWaiting(null);
		const refused = files.kept === null ? NOT_ALL_THERE : onSend(sent.trim() === "" ? "" : sent, files.kept);
		if (refused !== null) return setRefusal(refused);
		files.sent();
		change("");
	};
	useEffect(() => {
		if (waiting !== null && (files.kept !== null || files.hasFailed)) send(waiting);
	});
	const isWaiting = useRef(false);
	isWaiting.current = waiting !== null;
	useEffect(() => () => void (isWaiting.current && notify(LEFT_BEHIND, "error")), []);
	const [isCalling, setCalling] = useState(false);
	const call = async (called: Call) => {
		setCalling(true);
		const refused = await props.onCall(called);
		setCalling(false);
		if (refused === null) change("");
		else setRefusal(refused);
	};
	const submit = () => {
		if (isCalling) return;
		const wish = wishIn(text, members, files.drafts.length > 0);
		if (wish.type === "refused") return setRefusal(wish.why);
		if (wish.type === "call") return void call({ ...wish.call, args: withTokens(wish.call.args, names) });
		const sent = withTokens(wish.text, names);
		const count = calledBy(sent, members, me);
		if (count > CALLED_UNASKED_MAX) setAsking({ text: sent, count });
		else send(sent);
	};
	const remove = (key: string) => {
		setWaiting(null);
		files.remove(key);
		focusIfTyping(field.current); // the button that was pressed is gone
	};
	const retry = (key: string) => {
		files.retry(key);
		focusIfTyping(field.current);
	};
	const stopWaiting = () => {
		setWaiting(null);
		focusIfTyping(field.current);
	};
	const hasFiles = files.drafts.length > 0;
	const onEscape = quoted ? props.onUnquote : props.onLeave;

	return (
		<FilePaste onFiles={attach}>
			<Composer
				ref={field}
				label={label}
				placeholder={label}
				value={text}
				charsMax={PAGE_LIMITS.messageTextCharsMax}
				suggest={suggest}
				hasMarkup
				hasMore={hasFiles}
				notice={
					(quoted || hasFiles || refusal || waitUntil !== null) && (
						<>
							{quoted && <Answering message={quoted} personOf={props.personOf} onCancel={props.onUnquote} />}
							{hasFiles && (
								<FileTray
									place={<div className="h-12" />}
									label={FILES_LABEL}
									files={files.drafts}
									onRemove={remove}
									onRetry={retry}
								/>
							)}
							{waiting !== null && <FilesNotice onCancel={stopWaiting} />}
							{refusal ? <Refusal text={refusal} /> : waitUntil !== null && <WaitNotice until={waitUntil} />}
						</>
					)
				}
				tools={
					<span className="flex">
						<AttachButton label={FILES_LABEL} onFiles={attach} />
						<ReactionPicker
							label="Insert emoji"
							question="Choose an emoji"
							size="md"
							onPick={(emoji) => field.current?.insert(`${emoji} `)}
						/>
					</span>
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
				<Confirm question={askToCall(asking.count, () => send(asking.text))} onClose={() => setAsking(null)} />
			)}
		</FilePaste>
	);
}
