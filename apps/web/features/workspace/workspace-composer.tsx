"use client";
import { LIMITS } from "@bullpen/domain/limits";
import type { SessionRow } from "@bullpen/domain/workspace";
import { useState } from "react";
import { Composer } from "../../ui/composer.tsx";
import { TypingLine } from "../../ui/typing-line.tsx";
import { CommandChoices } from "./command-choices.tsx";

interface WorkspaceComposerProps {
	typingNames: readonly string[];
	/** Something runs or waits already, so the next prompt lines up behind it. */
	willQueue: boolean;
	/** Nothing begins until somebody resumes the queue. */
	isPaused: boolean;
	/** What the agent understands after a slash. */
	commands: SessionRow["commands"];
	initialText: string;
	/** Why it cannot be sent, in words, or null when it is on its way. */
	onPrompt: (text: string) => string | null;
	onTyping: (isTyping: boolean) => void;
}

export function WorkspaceComposer(props: WorkspaceComposerProps) {
	const { typingNames, willQueue, isPaused, initialText, onPrompt, onTyping } = props;
	const [text, setText] = useState(initialText);
	const [refusal, setRefusal] = useState<string | null>(null);
	const change = (next: string) => {
		setText(next);
		setRefusal(null);
		onTyping(next.trim() !== "");
	};
	const submit = () => {
		const refused = onPrompt(text);
		if (refused === null) change("");
		else setRefusal(refused);
	};
	return (
		<Composer
			label="Prompt the agent"
			placeholder={willQueue || isPaused ? "Ask for what comes next…" : "Ask the agent for something…"}
			value={text}
			charsMax={LIMITS.promptCharsMax}
			notice={
				refusal ? (
					<p role="alert" className="text-danger-text">
						{refusal}
					</p>
				) : text.startsWith("/") ? (
					<CommandChoices commands={props.commands ?? []} text={text} onChoose={change} />
				) : null
			}
			onChange={change}
			onSubmit={submit}
			footer={
				<>
					<TypingLine names={typingNames} verb="writing a prompt" />
					{(willQueue || isPaused) && text.trim() !== "" && (
						<span className="ms-auto shrink-0">
							{isPaused ? "Waits until the queue is resumed" : "Runs after what is ahead of it"}
						</span>
					)}
				</>
			}
		/>
	);
}
