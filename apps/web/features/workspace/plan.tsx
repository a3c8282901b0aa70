import type { ItemBody, PlanEntry } from "@bullpen/domain/transcript/item";
import { Check, ListChecks } from "lucide-react";
import { cx } from "../../ui/cx.ts";
import { Markdown } from "../../ui/markdown.tsx";

type Plan = Extract<ItemBody, { type: "plan" }>;

/** Where a plan stands within the transcript; the plan itself is in the panel. */
export function PlanLine({ plan: { entries, text, isRemoved } }: { plan: Plan }) {
	const done = entries.filter((entry) => entry.status === "completed").length;
	if (text !== undefined && !isRemoved) {
		return <Markdown text={text} className="my-1.5 border-line-strong border-s-2 ps-4 text-sm" />;
	}
	return (
		<p className="flex items-center gap-2 py-1.5 text-sm text-text-muted">
			<ListChecks className="size-4 shrink-0 text-text-faint" aria-hidden="true" />
			{isRemoved
				? "The agent took its plan back."
				: `Plan of ${entries.length} ${entries.length === 1 ? "step" : "steps"}, ${done} done`}
		</p>
	);
}

export function PlanView({ entries }: { entries: readonly PlanEntry[] }) {
	const done = entries.filter((entry) => entry.status === "completed").length;
	return (
		<div>
			<div className="mb-3 flex items-center gap-3">
				<progress aria-label="Plan" value={done} max={entries.length} className="sr-only" />
				<div className="h-1 flex-1 overflow-hidden rounded-full bg-selected" aria-hidden="true">
					<div
						className="h-full rounded-full bg-accent transition-[width] duration-300"
						style={{ width: `${entries.length === 0 ? 0 : (done / entries.length) * 100}%` }}
					/>
				</div>
				<span className="text-text-faint text-xs tabular-nums">
					{done} of {entries.length}
				</span>
			</div>
			<ol className="space-y-2">
				{entries.map((entry, index) => (
					// biome-ignore lint/suspicious/noArrayIndexKey: a plan is replaced as a whole and its steps have no other name.
					<li key={index} className="flex gap-2.5 text-sm leading-5">
						<StepMark status={entry.status} />
						<span
							className={cx(
								"min-w-0 [overflow-wrap:anywhere]",
								entry.status === "completed" && "text-text-faint line-through decoration-line-strong",
							)}
						>
							{entry.content}
						</span>
					</li>
				))}
			</ol>
		</div>
	);
}

const MARKS = {
	pending: <span className="block size-3.5 rounded-full border-[1.5px] border-line-strong" />,
	in_progress: <span className="block size-3.5 animate-breathe rounded-full border-[1.5px] border-info bg-info-soft" />,
	completed: (
		<span className="flex size-3.5 items-center justify-center rounded-full bg-accent text-text-inverse">
			<Check className="size-2.5" strokeWidth={3.5} />
		</span>
	),
} as const;
const WORDS = { pending: "To do", in_progress: "Now", completed: "Done" } as const;

function StepMark({ status }: { status: PlanEntry["status"] }) {
	return (
		<span role="img" aria-label={WORDS[status]} className="mt-0.75 shrink-0">
			{MARKS[status]}
		</span>
	);
}
