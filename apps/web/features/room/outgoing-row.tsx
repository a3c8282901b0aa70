import { CircleAlert, Clock } from "lucide-react";
import type { Person } from "../../live/person.ts";
import { Button } from "../../ui/button.tsx";
import { cx } from "../../ui/cx.ts";
import { Markdown } from "../../ui/markdown.tsx";
import { MessageFiles } from "./files/message-files.tsx";
import { Byline, Gutter } from "./message-parts.tsx";
import type { Outgoing } from "./timeline.ts";

interface OutgoingRowProps {
	outgoing: Outgoing;
	author: Person;
	isHead: boolean;
	isTabStop: boolean;
	onRetry: (nonce: string) => void;
	onDiscard: (nonce: string) => void;
}

/** A message on its way, or one that could not be sent and waits for its author. */
export function OutgoingRow({ outgoing, author, isHead, isTabStop, onRetry, onDiscard }: OutgoingRowProps) {
	const isFailed = outgoing.status === "failed";
	return (
		<article
			aria-label={isFailed ? "Your message was not sent" : "Sending your message"}
			data-entry={outgoing.nonce}
			tabIndex={isTabStop ? 0 : -1}
			className="group relative flex gap-3 px-4 py-0.75 outline-none focus-visible:bg-hover md:px-5"
		>
			<Gutter author={author} at={outgoing.createdAt} isHead={isHead} />
			<div className="min-w-0 flex-1">
				{isHead && <Byline author={author} at={outgoing.createdAt} />}
				<div className={cx(!isFailed && "opacity-70")}>
					{outgoing.text !== "" && (
						<div className="flex items-end gap-2">
							<Markdown text={outgoing.text} className="text-md" />
							{!isFailed && <Clock className="mb-1.5 size-3 shrink-0 text-text-muted" aria-hidden="true" />}
						</div>
					)}
					{/* Their places are those of the message: nothing moves when it has arrived. */}
					{outgoing.files.length > 0 && <MessageFiles files={outgoing.files} messageId={null} />}
				</div>
				{isFailed && (
					<div role="alert" className="mt-1 flex flex-wrap items-center gap-x-2 gap-y-1 text-danger-text text-sm">
						<span className="flex items-center gap-1.5">
							<CircleAlert className="size-4 shrink-0" aria-hidden="true" />
							{outgoing.reason ?? "Not sent."}
						</span>
						<span className="flex gap-1">
							<Button size="sm" onClick={() => onRetry(outgoing.nonce)}>
								Retry
							</Button>
							<Button size="sm" variant="ghost" onClick={() => onDiscard(outgoing.nonce)}>
								Discard
							</Button>
						</span>
					</div>
				)}
			</div>
		</article>
	);
}
