import { CornerDownLeft } from "lucide-react";
import { EXAMPLE_PROMPTS } from "./examples.ts";

/** Above an empty transcript: what this is, and something to try. */
export function FirstPrompt({ isDemo, onTry }: { isDemo: boolean; onTry: ((prompt: string) => void) | null }) {
	return (
		<div className="mx-auto flex w-full max-w-200 flex-1 flex-col items-start justify-end px-4 pb-6 md:px-6">
			<h2 className="font-semibold text-xl tracking-[-0.015em]">Nobody has asked for anything yet</h2>
			<p className="mt-1 max-w-130 text-balance text-text-muted">
				{isDemo
					? "The demo agent has no model: it understands a handful of requests and really does them. Everyone here sees every step."
					: "Ask in your own words. Everyone here sees every step, and can answer when the agent asks."}
			</p>
			{isDemo && onTry && (
				<ul aria-label="Examples" className="mt-5 w-full space-y-2">
					{EXAMPLE_PROMPTS.map((prompt) => (
						<li key={prompt}>
							<button
								type="button"
								onClick={() => onTry(prompt)}
								className="group flex w-full items-center gap-3 rounded-lg bg-raised px-4 py-3 text-start font-mono text-sm shadow-low transition-shadow hover:shadow-mid"
							>
								<span className="min-w-0 flex-1 [overflow-wrap:anywhere]">{prompt}</span>
								<CornerDownLeft
									className="size-4 shrink-0 text-text-faint group-hover:text-accent"
									aria-hidden="true"
								/>
							</button>
						</li>
					))}
				</ul>
			)}
		</div>
	);
}
