"use client";
import { ArrowUp, X } from "lucide-react";
import { useState } from "react";
import type { Reading } from "../../live/use-reading.ts";

/** Fewer are on the screen with the line that says where they begin. */
const WORTH_SAYING = 10;

/** Says how much is new when a room is opened, and leads to where it begins. */
export function UnreadBar({ reading, onGoTo }: { reading: Reading; onGoTo: (id: number) => void }) {
	const { unread, firstSeq } = reading;
	const [hidden, setHidden] = useState<number | null>(null);
	if (unread < WORTH_SAYING || firstSeq === null || hidden === firstSeq) return null;
	const dismiss = () => setHidden(firstSeq);
	return (
		<div className="flex shrink-0 items-center gap-2 bg-accent-soft ps-4 pe-2 text-accent-text text-sm md:ps-5">
			<button
				type="button"
				className="flex h-8 min-w-0 flex-1 items-center gap-2 text-start font-medium pointer-coarse:h-11"
				onClick={() => {
					onGoTo(firstSeq);
					dismiss();
				}}
			>
				<ArrowUp className="size-3.5 shrink-0" aria-hidden="true" />
				<span className="truncate">{unread} new messages: jump to the first</span>
			</button>
			<button
				type="button"
				aria-label="Hide what is new"
				className="flex size-7 items-center justify-center rounded-sm hover:bg-hover pointer-coarse:size-11"
				onClick={dismiss}
			>
				<X className="size-4" aria-hidden="true" />
			</button>
		</div>
	);
}
