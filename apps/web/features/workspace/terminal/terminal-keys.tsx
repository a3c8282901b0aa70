import { ArrowDown, ArrowLeft, ArrowRight, ArrowUp } from "lucide-react";
import type { ReactNode } from "react";

const KEYS: readonly { readonly label: string; readonly text: string; readonly look: ReactNode }[] = [
	{ label: "Escape", text: "\u001b", look: "Esc" },
	{ label: "Tab", text: "\t", look: "Tab" },
	{ label: "Control and C", text: "\u0003", look: "^C" },
	{ label: "Control and D", text: "\u0004", look: "^D" },
	{ label: "Left", text: "\u001b[D", look: <ArrowLeft /> },
	{ label: "Up", text: "\u001b[A", look: <ArrowUp /> },
	{ label: "Down", text: "\u001b[B", look: <ArrowDown /> },
	{ label: "Right", text: "\u001b[C", look: <ArrowRight /> },
];

/** Keys that a phone does not have. They leave the keyboard where it is. */
export function TerminalKeys({ onType }: { onType: (text: string) => void }) {
	return (
		<div role="toolbar" aria-label="Keys" className="flex shrink-0 gap-1 overflow-x-auto border-line border-t p-1.5">
			{KEYS.map(({ label, text, look }) => (
				<button
					key={label}
					type="button"
					aria-label={label}
					onPointerDown={(event) => event.preventDefault()}
					onClick={() => onType(text)}
					className="flex h-11 min-w-11 shrink-0 items-center justify-center rounded-md bg-raised px-2.5 font-medium text-sm shadow-low active:bg-sunken [&_svg]:size-4"
				>
					{look}
				</button>
			))}
		</div>
	);
}
