import { ChevronDown } from "lucide-react";
import type { ComponentProps } from "react";
import { cx } from "./cx.ts";

const SIZES = {
	xs: {
		box: "h-6 rounded-sm bg-sunken ps-2 pe-6 font-medium text-text text-xs pointer-coarse:h-9",
		icon: "end-1.5 size-3.5",
	},
	sm: { box: "h-8.5 rounded-md bg-raised ps-2.5 pe-8 text-sm pointer-coarse:h-11", icon: "end-2.5 size-3.5" },
	md: {
		box: "h-9.5 rounded-md bg-raised ps-3 pe-9 text-base pointer-coarse:h-11 pointer-coarse:text-[1rem]",
		icon: "end-3 size-4",
	},
} as const;

type SelectProps = Omit<ComponentProps<"select">, "size"> & { size?: keyof typeof SIZES };

/** One of several, by the browser's own list. */
export function Select({ size = "md", className, children, ...rest }: SelectProps) {
	const { box, icon } = SIZES[size];
	return (
		<span className={cx("relative block", className)}>
			<select
				className={cx(
					"w-full appearance-none truncate border border-line-strong outline-none focus-visible:border-accent focus-visible:ring-3 focus-visible:ring-accent-soft disabled:opacity-60",
					box,
				)}
				{...rest}
			>
				{children}
			</select>
			<ChevronDown
				className={cx("-translate-y-1/2 pointer-events-none absolute top-1/2 text-text-faint", icon)}
				aria-hidden="true"
			/>
		</span>
	);
}
