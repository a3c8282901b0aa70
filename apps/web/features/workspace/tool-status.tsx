"use client";
import type { ItemBody, ToolStatus } from "@bullpen/domain/transcript/item";
import { Check, Square, X } from "lucide-react";
import type { ReactNode } from "react";
import { Spinner } from "../../ui/spinner.tsx";
import { durationOf } from "../../ui/time.ts";
import { useNow } from "../../ui/use-now.ts";

/** As it is shown: a call whose turn is over does not run, whatever it said last. */
export type ShownStatus = ToolStatus | "stopped";

export const statusOf = ({ status }: Extract<ItemBody, { type: "tool" }>, isStopped: boolean): ShownStatus =>
	isStopped && (status === "pending" || status === "in_progress") ? "stopped" : status;

export function StatusIcon({ status }: { status: ShownStatus }) {
	return (
		<span role="img" aria-label={WORDS[status]} className="flex size-4 shrink-0 items-center justify-center">
			{ICONS[status]}
		</span>
	);
}

const WORDS = {
	pending: "Waiting",
	in_progress: "Running",
	completed: "Done",
	failed: "Failed",
	stopped: "Stopped",
} as const;
const ICONS: Readonly<Record<ShownStatus, ReactNode>> = {
	pending: <span className="block size-2 rounded-full border-[1.5px] border-text-faint" />,
	in_progress: <Spinner className="size-3.5 text-info" />,
	completed: <Check className="size-4 text-accent" />,
	failed: <X className="size-4 text-danger" />,
	stopped: <Square className="size-3 text-text-faint" />,
};

/** A tenth is what can be read. */
const WORTH_SAYING_MS = 100;

interface DurationProps {
	/** Unix ms; 0 while it is not known. */
	startedAt: number;
	endedAt: number | undefined;
	isRunning: boolean;
}

export function Duration({ startedAt, endedAt, isRunning }: DurationProps) {
	const now = useNow(500, isRunning && endedAt === undefined);
	if (startedAt === 0 || (endedAt === undefined && !isRunning)) return null;
	if (endedAt !== undefined && endedAt - startedAt < WORTH_SAYING_MS) return null;
	return (
		<span className="shrink-0 text-text-faint text-xs tabular-nums">{durationOf((endedAt ?? now) - startedAt)}</span>
	);
}
