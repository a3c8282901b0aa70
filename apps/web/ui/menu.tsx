"use client";
import { Check } from "lucide-react";
import { DropdownMenu } from "radix-ui";
import type { ReactNode } from "react";

interface MenuProps {
	trigger: ReactNode;
	label: string;
	side?: "top" | "bottom";
	align?: "start" | "end";
	onOpenChange?: (isOpen: boolean) => void;
	children: ReactNode;
}

/** Open from the start: its code is fetched when somebody asks for what is in it. */
export function Menu({ trigger, label, side = "bottom", align = "start", onOpenChange, children }: MenuProps) {
	return (
		<DropdownMenu.Root modal={false} defaultOpen {...(onOpenChange && { onOpenChange })}>
			<DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
			<DropdownMenu.Content
				aria-label={label}
				side={side}
				align={align}
				sideOffset={6}
				collisionPadding={8}
				className="z-50 min-w-52 rounded-lg bg-raised p-1 shadow-high outline-none animate-rise"
			>
				{children}
			</DropdownMenu.Content>
		</DropdownMenu.Root>
	);
}

const ITEM =
	"flex h-8 select-none items-center gap-2.5 rounded-sm px-2.5 text-sm outline-none data-[disabled]:opacity-60 data-[highlighted]:bg-selected pointer-coarse:h-10 [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-text-muted";

export function MenuItem({
	icon,
	children,
	onSelect,
}: {
	icon?: ReactNode;
	children: ReactNode;
	onSelect: () => void;
}) {
	return (
		<DropdownMenu.Item className={ITEM} onSelect={onSelect}>
			{icon}
			{children}
		</DropdownMenu.Item>
	);
}

interface MenuChoiceProps {
	label: string;
	value: string;
	options: ReadonlyArray<{ value: string; label: string; icon: ReactNode }>;
	/** Shown, not for this person to change. */
	isDisabled?: boolean;
	onChange: (value: string) => void;
}

export function MenuChoice({ label, value, options, isDisabled = false, onChange }: MenuChoiceProps) {
	return (
		<>
			<DropdownMenu.Label className="px-2.5 pt-2 pb-1 text-text-faint text-xs">{label}</DropdownMenu.Label>
			<DropdownMenu.RadioGroup value={value} onValueChange={onChange}>
				{options.map((option) => (
					<DropdownMenu.RadioItem
						key={option.value}
						value={option.value}
						disabled={isDisabled}
						className={ITEM}
						onSelect={(event) => event.preventDefault()}
					>
						{option.icon}
						<span className="flex-1">{option.label}</span>
						<DropdownMenu.ItemIndicator>
							<Check />
						</DropdownMenu.ItemIndicator>
					</DropdownMenu.RadioItem>
				))}
			</DropdownMenu.RadioGroup>
		</>
	);
}

export function MenuSeparator() {
	return <DropdownMenu.Separator className="mx-1 my-1 h-px bg-line" />;
}
