"use client";
import type { Attachment } from "@bullpen/domain/attachment";
import { LIMITS } from "@bullpen/domain/limits";
import type { SessionRow } from "@bullpen/domain/workspace";
import { useRef, useState } from "react";
import { AttachButton } from "../../ui/attach-button.tsx";
import { Composer, type ComposerHandle } from "../../ui/composer.tsx";
import { FileDrop, FilePaste } from "../../ui/file-drop.tsx";
import { FileTray } from "../../ui/file-tray.tsx";
import { TypingLine } from "../../ui/typing-line.tsx";
import { useAttachments } from "./attach/use-attachments.ts";
import { usePromptSuggestions } from "./attach/use-prompt-suggestions.tsx";
import { joined, usePromptInsertions } from "./prompt-insertions.ts";
import type { PromptFiles } from "./workspace-data.ts";

interface WorkspaceComposerProps {
	workspaceId: string;
	typingNames: readonly string[];
	/** Something runs or waits already, so the next prompt lines up behind it. */
	willQueue: boolean;
	/** Nothing begins until somebody resumes the queue. */
	isPaused: boolean;
	/** What the agent understands after a slash. */
	commands: SessionRow["commands"];
	initialText: string;
	files: PromptFiles;
	/** Why it cannot be sent, in words, or null when it is on its way. */
	onPrompt: (text: string, attachments: readonly Attachment[]) => string | null;
	onTyping: (isTyping: boolean) => void;
}

export function WorkspaceComposer(props: WorkspaceComposerProps) {
	const { workspaceId, typingNames, willQueue, isPaused, initialText, files, onPrompt, onTyping } = props;
	const composer = useRef<ComposerHandle>(null);
	const [text, setText] = useState(initialText);
	const [refusal, setRefusal] = useState<string | null>(null);
	const { drafts, kept, ...attachments } = useAttachments(files);
	const suggest = usePromptSuggestions(props.commands, files);
	const change = (next: string) => {
		setText(next);
		setRefusal(null);
		onTyping(next.trim() !== "");
	};
	usePromptInsertions(workspaceId, (added) => {
		change(joined(text, added));
		composer.current?.focus();
	});
	const submit = () => {
		if (kept === null) return setRefusal("A file is not there yet. Wait for it, or remove it.");
		const refused = onPrompt(text, kept);
		if (refused !== null) return setRefusal(refused);
		attachments.clear();
		change("");
	};
	return (
		<FileDrop onFiles={attachments.add}>
			<FilePaste onFiles={attachments.add}>
				<Composer
					ref={composer}
					label="Prompt the agent"
					placeholder={willQueue || isPaused ? "Ask for what comes next…" : "Ask the agent for something…"}
					value={text}
					charsMax={LIMITS.promptCharsMax}
					suggest={suggest}
					tools={<AttachButton label="Files of this prompt" onFiles={attachments.add} />}
					notice={
						(refusal !== null || drafts.length > 0) && (
							<>
								<FileTray
									label="Files of this prompt"
									files={drafts}
									onRemove={attachments.remove}
									onRetry={attachments.retry}
								/>
								{refusal && (
									<p role="alert" className="text-danger-text">
										{refusal}
									</p>
								)}
							</>
						)
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
			</FilePaste>
		</FileDrop>
	);
}
