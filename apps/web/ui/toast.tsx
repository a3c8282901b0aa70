"use client";
import { CircleAlert, CircleCheck } from "lucide-react";
import { useSyncExternalStore } from "react";
import { cx } from "./cx.ts";

const SHOWN_MS = 4_000;
const TOASTS_MAX = 3;

interface Toast {
	id: number;
	text: string;
	tone: "plain" | "error";
}

let toasts: readonly Toast[] = [];
let lastId = 0;
const listeners = new Set<() => void>();
const NONE: readonly Toast[] = [];

function show(next: readonly Toast[]): void {
	toasts = next;
	for (const listener of listeners) listener();
}

/** A word that passes by itself. For what nobody has to act on. */
export function notify(text: string, tone: Toast["tone"] = "plain"): void {
	const toast = { id: ++lastId, text, tone };
	show([...toasts.slice(1 - TOASTS_MAX), toast]);
	setTimeout(() => show(toasts.filter((one) => one !== toast)), SHOWN_MS);
}

const subscribe = (listener: () => void) => {
	listeners.add(listener);
	return () => void listeners.delete(listener);
};

export function Toasts() {
	const shown = useSyncExternalStore(
		subscribe,
		() => toasts,
		() => NONE,
	);
	return (
		<div
			role="status"
			aria-label="Notices"
			className="pointer-events-none fixed inset-x-0 bottom-[calc(5.5rem+env(safe-area-inset-bottom))] z-50 flex flex-col items-center gap-2 px-4"
		>
			{shown.map(({ id, text, tone }) => (
				<div
					key={id}
					className="flex items-center gap-2.5 rounded-full bg-text px-4 py-2 text-sm text-text-inverse shadow-mid animate-rise [&_svg]:size-4 [&_svg]:shrink-0"
				>
					<span className={cx(tone === "error" && "text-attention")}>
						{tone === "error" ? <CircleAlert /> : <CircleCheck />}
					</span>
					{text}
				</div>
			))}
		</div>
	);
}
