"use client";
import { isFileName } from "@bullpen/domain/file-path";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";

interface NameFieldProps {
	label: string;
	hint?: string | undefined;
	initial: string;
	/** Why not, in words, or null when it is done. */
	onName: (name: string) => Promise<string | null>;
	onEnd: () => void;
}

/** A name that is written where it will stand. A new one may have folders before it. */
export function NameField({ label, hint, initial, onName, onEnd }: NameFieldProps) {
	const [name, setName] = useState(initial);
	const [refusal, setRefusal] = useState<string | null>(null);
	const [isBusy, setBusy] = useState(false);
	const field = useRef<HTMLInputElement>(null);
	useEffect(() => {
		field.current?.focus();
		// The ending stays what it was.
		field.current?.setSelectionRange(0, initial.lastIndexOf(".") > 0 ? initial.lastIndexOf(".") : initial.length);
	}, [initial]);
	const done = async () => {
		const wanted = name.trim();
		if (wanted === "" || isBusy) return onEnd();
		if (!wanted.split("/").every(isFileName)) return setRefusal("This is no name for a file.");
		setBusy(true);
		const refused = await onName(wanted);
		setBusy(false);
		setRefusal(refused);
	};
	const onKeyDown = (event: KeyboardEvent) => {
		event.stopPropagation();
		if (event.nativeEvent.isComposing) return;
		if (event.key === "Escape") {
			event.preventDefault();
			onEnd();
		}
		if (event.key === "Enter") void done();
	};
	return (
		<div className="px-2 py-1">
			<input
				ref={field}
				aria-label={label}
				aria-invalid={refusal !== null || undefined}
				value={name}
				placeholder={label}
				spellCheck={false}
				autoComplete="off"
				onChange={(event) => setName(event.target.value)}
				onKeyDown={onKeyDown}
				onBlur={() => (name.trim() === initial.trim() || name.trim() === "") && onEnd()}
				className="h-8 w-full rounded-md border border-line-strong bg-raised px-2.5 font-mono text-xs outline-none focus:border-accent focus:ring-3 focus:ring-accent-soft pointer-coarse:h-11 pointer-coarse:text-[1rem]"
			/>
			{(refusal ?? hint) && (
				<p
					role={refusal === null ? undefined : "alert"}
					className={refusal === null ? "px-1 pt-1 text-text-faint text-xs" : "px-1 pt-1 text-danger-text text-xs"}
				>
					{refusal ?? hint}
				</p>
			)}
		</div>
	);
}
