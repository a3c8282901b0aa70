"use client";
import { Check, Copy } from "lucide-react";
import { useId, useState } from "react";
import { Button } from "./button.tsx";

/** A text that is there to be taken along. */
export function CopyField({ label, value, note }: { label: string; value: string; note?: string }) {
	const id = useId();
	const [state, setState] = useState<"idle" | "copied" | "refused">("idle");
	const copy = () =>
		navigator.clipboard.writeText(value).then(
			() => setState("copied"),
			() => setState("refused"),
		);
	return (
		<div>
			<label htmlFor={id} className="mb-1.5 block font-medium text-sm">
				{label}
			</label>
			<div className="flex gap-2">
				<input
					id={id}
					readOnly
					value={value}
					onFocus={(event) => event.target.select()}
					className="h-8.5 min-w-0 flex-1 rounded-md border border-line bg-sunken px-3 font-mono text-xs outline-none focus:border-accent pointer-coarse:h-11"
				/>
				<Button onClick={copy}>
					{state === "copied" ? (
						<Check className="size-4" aria-hidden="true" />
					) : (
						<Copy className="size-4" aria-hidden="true" />
					)}
					{state === "copied" ? "Copied" : "Copy"}
				</Button>
			</div>
			<p role="status" className="mt-1.5 text-sm text-text-faint">
				{state === "refused" ? "The browser did not allow copying: take it from the field." : note}
			</p>
		</div>
	);
}
