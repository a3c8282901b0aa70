import type { ReactNode } from "react";
import { cx } from "./cx.ts";

interface OptionProps {
	name: string;
	value: string;
	isChecked: boolean;
	isDisabled?: boolean;
	icon: ReactNode;
	title: string;
	children: ReactNode;
	onChange: () => void;
}

/** One of several, as a card with its meaning. */
export function Option({ name, value, isChecked, isDisabled = false, icon, title, children, onChange }: OptionProps) {
	return (
		<label
			className={cx(
				"relative flex items-start gap-3 rounded-md px-3 py-2 ring-1 ring-inset transition-colors has-focus-visible:outline-2 has-focus-visible:outline-accent has-focus-visible:outline-offset-2 [&_svg]:mt-0.5 [&_svg]:size-4 [&_svg]:shrink-0",
				isDisabled ? "cursor-not-allowed" : "cursor-pointer",
				isChecked
					? "bg-accent-soft ring-accent [&_svg]:text-accent-text"
					: isDisabled
						? "bg-sunken ring-line [&_svg]:text-text-faint"
						: "ring-line-strong hover:bg-hover [&_svg]:text-text-faint",
			)}
		>
			<input
				type="radio"
				name={name}
				value={value}
				checked={isChecked}
				disabled={isDisabled}
				onChange={onChange}
				className="sr-only"
			/>
			{icon}
			<span className="min-w-0">
				<span className="block font-medium text-sm">{title}</span>
				<span className="block text-pretty text-text-muted text-xs">{children}</span>
			</span>
		</label>
	);
}
