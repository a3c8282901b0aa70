import type { Message } from "@bullpen/domain/message";
import { FilesHint } from "../../live/files-hint.tsx";
import type { Question } from "../../ui/confirm.tsx";

const PREVIEW_CHARS = 240;

export const askToDelete = (message: Message, onDelete: () => void): Question => ({
	title: "Delete this message?",
	description: "It disappears for everyone, and cannot be brought back.",
	about: (
		<>
			<p className="line-clamp-4 whitespace-pre-wrap">{message.text.slice(0, PREVIEW_CHARS)}</p>
			{message.attachments && <FilesHint files={message.attachments} />}
		</>
	),
	act: "Delete",
	onAct: () => atOnce(onDelete),
});

export const askToCall = (count: number, onCall: () => void): Question => ({
	title: `Call on ${count.toLocaleString()} people?`,
	description: "Each of them is told that this message needs them.",
	act: "Send to all",
	cancel: "Go on writing",
	isHarmless: true,
	onAct: () => atOnce(onCall),
});

/** What is refused of it, its own place says. */
async function atOnce(act: () => void): Promise<null> {
	act();
	return null;
}
