import { Button } from "../../ui/button.tsx";
import type { OutgoingPrompt } from "./workspace-data.ts";

interface OutgoingPromptsProps {
	outgoing: readonly OutgoingPrompt[];
	onRetry: (nonce: string) => void;
	onDiscard: (nonce: string) => void;
}

/** Own prompts that are not in the queue yet, or were refused by it. */
export function OutgoingPrompts({ outgoing, onRetry, onDiscard }: OutgoingPromptsProps) {
	if (outgoing.length === 0) return null;
	return (
		<ul aria-label="Prompts on their way" className="mt-2 space-y-2">
			{outgoing.map((prompt) => (
				<li key={prompt.nonce} className="rounded-md px-2.5 py-2 ring-1 ring-line ring-inset">
					<p className="line-clamp-4 text-sm opacity-60 [overflow-wrap:anywhere]">{prompt.text}</p>
					{prompt.status === "sending" ? (
						<p className="mt-1 text-text-faint text-xs">Sending{filesOf(prompt.files)}…</p>
					) : (
						<div role="alert" className="mt-1.5 flex flex-wrap items-center gap-2 text-danger-text text-xs">
							<span className="w-full">{prompt.reason ?? "Not sent."}</span>
							<Button size="sm" onClick={() => onRetry(prompt.nonce)}>
								Retry
							</Button>
							<Button size="sm" variant="ghost" onClick={() => onDiscard(prompt.nonce)}>
								Discard
							</Button>
						</div>
					)}
				</li>
			))}
		</ul>
	);
}

const filesOf = (count: number) => (count === 0 ? "" : count === 1 ? " with a file" : ` with ${count} files`);
