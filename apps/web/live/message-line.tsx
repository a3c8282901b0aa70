import { newsText } from "@bullpen/domain/inbox-notices";
import { withNames } from "@bullpen/domain/mention";
import type { Message } from "@bullpen/domain/message";
import { withoutMarks } from "../ui/without-marks.ts";
import { FilesHint } from "./files-hint.tsx";
import type { PersonOf } from "./person.ts";

const CHARS_MAX = 160;

/** A message as one line of many: its words without their marks, then its files. */
export function MessageLine({ message, personOf }: { message: Message; personOf: PersonOf }) {
	const { text, attachments } = message;
	return (
		<>
			{withNames(newsText(withoutMarks(text), CHARS_MAX), (id) => personOf(id).name)}{" "}
			{attachments && <FilesHint files={attachments} />}
		</>
	);
}
