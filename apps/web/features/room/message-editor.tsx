"use client";
import { LIMITS } from "@bullpen/domain/limits";
import { useState } from "react";
import type { Person, PersonOf } from "../../live/person.ts";
import { TextEditor } from "../../ui/text-editor.tsx";
import { asWritten, withTokens } from "./mention-text.ts";
import { useWriting } from "./use-writing.ts";

interface MessageEditorProps {
	text: string;
	/** Then it needs no words. */
	hasFiles: boolean;
	personOf: PersonOf;
	members: readonly Person[];
	/** Why it was refused, in words, or null when it is done. */
	onSave: (text: string) => Promise<string | null>;
	onEnd: () => void;
}

export default function MessageEditor({ text, hasFiles, personOf, members, onSave, onEnd }: MessageEditorProps) {
	const { names, suggest } = useWriting(members);
	const [written] = useState(() => asWritten(text, names, personOf));
	const [draft, setDraft] = useState(written);
	return (
		<div className="my-1 max-w-200">
			<TextEditor
				label="Edit message"
				value={draft}
				unchanged={written}
				charsMax={LIMITS.messageTextCharsMax}
				rows={{ min: 1, max: 12 }}
				suggest={suggest}
				hasMarkup
				mayBeEmpty={hasFiles}
				onChange={setDraft}
				onSave={(next) => onSave(withTokens(next, names).trim())}
				onEnd={onEnd}
			/>
		</div>
	);
}
