"use client";
import type { PlanEntry } from "@bullpen/domain/transcript/item";
import { ChevronDown, ListChecks } from "lucide-react";
import { useId, useState } from "react";
import { cx } from "../../ui/cx.ts";
import { PlanView } from "./plan.tsx";

/** The plan over the transcript, for as long as there is something left of it. */
export function PinnedPlan({ entries }: { entries: readonly PlanEntry[] }) {
	const [isOpen, setOpen] = useState(false);
	const id = useId();
	const done = entries.filter((entry) => entry.status === "completed").length;
	const current =
		entries.find((entry) => entry.status === "in_progress") ?? entries.find((entry) => entry.status === "pending");
	if (current === undefined) return null;
	return (
		<section aria-label="Plan" className="border-line border-b">
			<button
				type="button"
				aria-expanded={isOpen}
				aria-controls={id}
				onClick={() => setOpen(!isOpen)}
				className="mx-auto flex min-h-9 w-full max-w-200 items-center gap-2 px-4 py-1 text-start text-sm pointer-coarse:min-h-11 md:px-6"
			>
				<ListChecks className="size-4 shrink-0 text-text-faint" aria-hidden="true" />
				<span className="shrink-0 text-text-faint text-xs tabular-nums">
					{done} of {entries.length}
				</span>
				<span className="min-w-0 flex-1 truncate">{current.content}</span>
				<ChevronDown
					className={cx("size-3.5 shrink-0 text-text-faint transition-transform duration-150", isOpen && "rotate-180")}
					aria-hidden="true"
				/>
			</button>
			<div id={id} hidden={!isOpen} className="mx-auto max-h-[40vh] w-full max-w-200 overflow-y-auto px-4 pb-3 md:px-6">
				{isOpen && <PlanView entries={entries} />}
			</div>
		</section>
	);
}
