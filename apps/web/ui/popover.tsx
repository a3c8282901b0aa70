"use client";
import { Popover as Radix } from "radix-ui";
import { type ReactNode, useState } from "react";
import { cx } from "./cx.ts";

interface PopoverProps {
	trigger: ReactNode;
	label: string;
	side?: "top" | "bottom";
	align?: "start" | "center" | "end";
	className?: string;
	onOpenChange?: (isOpen: boolean) => void;
	children: (close: () => void) => ReactNode;
}

/** Open from the start: its code is fetched when somebody asks for what is in it. */
export function Popover({
	trigger,
	label,
	side = "bottom",
	align = "center",
	className,
	onOpenChange,
	children,
}: PopoverProps) {
	const [isOpen, setOpen] = useState(true);
	const change = (next: boolean) => {
		setOpen(next);
		onOpenChange?.(next);
	};
	return (
		<Radix.Root open={isOpen} onOpenChange={change}>
			<Radix.Trigger asChild>{trigger}</Radix.Trigger>
			<Radix.Portal>
				<Radix.Content
					aria-label={label}
					side={side}
					align={align}
					sideOffset={6}
					collisionPadding={8}
					className={cx("z-50 rounded-lg bg-raised shadow-high outline-none animate-rise", className)}
				>
					{children(() => change(false))}
				</Radix.Content>
			</Radix.Portal>
		</Radix.Root>
	);
}
