import type { PromptRow } from "@bullpen/domain/workspace";
import { X } from "lucide-react";
import type { PersonOf } from "../../live/person.ts";
import { Avatar } from "../../ui/avatar.tsx";
import { Button, IconButton } from "../../ui/button.tsx";
import type { OutgoingPrompt } from "./workspace-data.ts";

interface QueueProps {
	queue: readonly PromptRow[];
	outgoing: readonly OutgoingPrompt[];
	me: string;
	canRemove: boolean;
	personOf: PersonOf;
	onRemove: (promptId: string) => void;
	onRetry: (nonce: string) => void;
	onDiscard: (nonce: string) => void;
}

export function Queue(props: QueueProps) {
	const { queue, outgoing, personOf } = props;
	if (queue.length + outgoing.length === 0) {
		return <p className="text-sm text-text-faint">Nothing waits. Prompts sent while the agent works line up here.</p>;
	}
	return (
		<ol aria-label="Queued prompts" className="space-y-2">
			{queue.map((prompt) => {
				const author = personOf(prompt.userId);
				return (
					<li key={prompt.id} className="group rounded-md bg-sunken px-2.5 py-2 ring-1 ring-line ring-inset">
						<div className="flex items-center gap-2">
							<Avatar id={author.id} name={author.name} size="xs" />
							<span className="min-w-0 flex-1 truncate font-medium text-xs">{author.name}</span>
							{props.canRemove && (
								<IconButton
									label={`Remove the prompt of ${author.name}`}
									tip="none"
									className="-my-1 -me-1"
									onClick={() => props.onRemove(prompt.id)}
								>
									<X />
								</IconButton>
							)}
						</div>
						<p className="mt-1 line-clamp-4 text-sm [overflow-wrap:anywhere]">{prompt.text}</p>
					</li>
				);
			})}
			{outgoing.map((prompt) => (
				<li key={prompt.nonce} className="rounded-md px-2.5 py-2 ring-1 ring-line ring-inset">
					<p className="line-clamp-4 text-sm opacity-60 [overflow-wrap:anywhere]">{prompt.text}</p>
					{prompt.status === "sending" ? (
						<p className="mt-1 text-text-faint text-xs">Sending…</p>
					) : (
						<div role="alert" className="mt-1.5 flex flex-wrap items-center gap-2 text-danger-text text-xs">
							<span className="w-full">{prompt.reason ?? "Not sent."}</span>
							<Button size="sm" onClick={() => props.onRetry(prompt.nonce)}>
								Retry
							</Button>
							<Button size="sm" variant="ghost" onClick={() => props.onDiscard(prompt.nonce)}>
								Discard
							</Button>
						</div>
					)}
				</li>
			))}
		</ol>
	);
}
