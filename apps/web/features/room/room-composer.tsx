"use client";
import { LIMITS } from "@bullpen/domain/limits";
import { Timer } from "lucide-react";
import { type Ref, useState } from "react";
import { Composer, type ComposerHandle } from "../../ui/composer.tsx";
import { Kbd } from "../../ui/kbd.tsx";
import { countdownOf } from "../../ui/time.ts";
import { TypingLine } from "../../ui/typing-line.tsx";
import { useNow } from "../../ui/use-now.ts";
import { draftOf, keepDraft } from "./drafts.ts";

interface RoomComposerProps {
	roomId: string;
	roomName: string;
	typingNames: readonly string[];
	/** Unix ms until which the server asks us to wait, or null. */
	waitUntil: number | null;
	/** Refuses with a sentence, or takes the text. */
	onSend: (text: string) => string | null;
	onTyping: (isTyping: boolean) => void;
	onRecall: () => void;
	ref?: Ref<ComposerHandle>;
}

export function RoomComposer(props: RoomComposerProps) {
	const { roomId, roomName, waitUntil, onSend, onTyping, ref } = props;
	const [text, setText] = useState(() => draftOf(roomId));
	const [refusal, setRefusal] = useState<string | null>(null);

	const change = (next: string) => {
		setText(next);
		setRefusal(null);
		keepDraft(roomId, next);
		onTyping(next.trim() !== "");
	};
	const submit = () => {
		const refused = onSend(text);
		if (refused === null) change("");
		else setRefusal(refused);
	};

	return (
		<Composer
			{...(ref && { ref })}
			label={`Message #${roomName}`}
			placeholder={`Message #${roomName}`}
			value={text}
			charsMax={LIMITS.messageTextCharsMax}
			notice={refusal ? <Refusal text={refusal} /> : waitUntil !== null && <WaitNotice until={waitUntil} />}
			onChange={change}
			onSubmit={submit}
			onRecall={props.onRecall}
			footer={
				<>
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
