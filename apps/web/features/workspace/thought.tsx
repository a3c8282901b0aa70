import { Brain } from "lucide-react";
import { Markdown } from "../../ui/markdown.tsx";
import { Disclosure } from "./disclosure.tsx";

export function Thought({ foldKey, text, isStreaming }: { foldKey: string; text: string; isStreaming: boolean }) {
	return (
		<Disclosure
			foldKey={foldKey}
			isOpenAtFirst={false}
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
