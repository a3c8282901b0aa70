import { Brain } from "lucide-react";
import { Markdown } from "../../ui/markdown.tsx";
import { Disclosure } from "./disclosure.tsx";

interface ThoughtProps {
	text: string;
	isStreaming: boolean;
	wasOpen: boolean | undefined;
	onToggle: (isOpen: boolean) => void;
}

export function Thought({ text, isStreaming, wasOpen, onToggle }: ThoughtProps) {
	return (
		<Disclosure
			isOpenAtFirst={false}
			wasOpen={wasOpen}
			onToggle={onToggle}
			summary={
				<>
					<Brain className="size-4 shrink-0 text-text-faint" aria-hidden="true" />
					<span className={isStreaming ? "animate-shimmer" : undefined}>{isStreaming ? "Thinking…" : "Thought"}</span>
				</>
			}
		>
			<Markdown text={text} className="mb-2 border-line-strong border-s-2 ps-4 text-sm text-text-muted" />
		</Disclosure>
	);
}
