"use client";
import type { Message } from "@bullpen/domain/message";
import { Timer, X } from "lucide-react";
import type { PersonOf } from "../../live/person.ts";
import { Button, IconButton } from "../../ui/button.tsx";
import { Spinner } from "../../ui/spinner.tsx";
import { countdownOf } from "../../ui/time.ts";
import { useNow } from "../../ui/use-now.ts";
import { QuotedWords } from "./quote.tsx";

interface AnsweringProps {
	message: Message;
	personOf: PersonOf;
	onCancel: () => void;
}

/** What the next message answers. */
export function Answering({ message, personOf, onCancel }: AnsweringProps) {
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

export function Refusal({ text }: { text: string }) {
	return (
		<p role="alert" className="text-danger-text">
			{text}
		</p>
	);
}

export function WaitNotice({ until }: { until: number }) {
	const left = Math.max(0, until - useNow(250));
	return (
		<p role="status" className="flex items-center gap-2 text-attention-text">
			<Timer className="size-4 shrink-0" aria-hidden="true" />
			That was fast. What you wrote goes out in {countdownOf(left)}.
		</p>
	);
}

/** A message was sent before its files have arrived. */
export function FilesNotice({ onCancel }: { onCancel: () => void }) {
	return (
		<p role="status" className="flex items-center gap-2 pt-1 text-text-muted">
			<Spinner className="size-3.5" />
			Goes out as soon as its files are there.
			<Button size="sm" variant="ghost" className="ms-auto" onClick={onCancel}>
				Not yet
			</Button>
		</p>
	);
}
