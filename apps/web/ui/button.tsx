import type { ComponentProps, ReactNode } from "react";
import { cx } from "./cx.ts";
import { Link } from "./link.tsx";
import { Spinner } from "./spinner.tsx";

const VARIANTS = {
	primary: "bg-accent text-text-inverse hover:bg-accent-strong",
	secondary: "bg-raised text-text shadow-low hover:bg-sunken",
	ghost: "text-text-muted hover:bg-hover hover:text-text",
	danger: "bg-danger text-text-inverse hover:bg-danger-strong",
	attention: "bg-attention-fill text-text-inverse hover:opacity-90",
} as const;
const SIZES = {
	sm: "h-7 gap-1.5 rounded-sm px-2.5 text-sm pointer-coarse:h-9 pointer-coarse:px-3",
	md: "h-8.5 gap-2 rounded-md px-3.5 text-base pointer-coarse:h-11",
} as const;

interface Look {
	variant?: keyof typeof VARIANTS;
	size?: keyof typeof SIZES;
}
type ButtonProps = ComponentProps<"button"> & Look & { isBusy?: boolean };

export function Button({
	variant = "secondary",
	size = "md",
	isBusy = false,
	className,
	children,
	disabled,
	...rest
}: ButtonProps) {
	return (
		<button
			type="button"
			aria-busy={isBusy || undefined}
			disabled={disabled || isBusy}
			className={lookOf(variant, size, className)}
			{...rest}
		>
			{isBusy && <Spinner className="size-3.5" />}
			{children}
		</button>
	);
}

/** A place to go to that looks like a button. */
export function ButtonLink({
	variant = "secondary",
	size = "md",
	className,
	...rest
}: ComponentProps<typeof Link> & Look) {
	return <Link className={lookOf(variant, size, className)} {...rest} />;
}

function lookOf(variant: keyof typeof VARIANTS, size: keyof typeof SIZES, className: string | undefined): string {
	return cx(
		"inline-flex shrink-0 select-none items-center justify-center whitespace-nowrap font-medium transition-colors duration-100 disabled:opacity-50",
		VARIANTS[variant],
		SIZES[size],
		className,
	);
}

const TIPS = {
	top: "after:bottom-full after:left-1/2 after:mb-1.5 after:-translate-x-1/2",
	bottom: "after:top-full after:left-1/2 after:mt-1.5 after:-translate-x-1/2",
	"bottom-end": "after:top-full after:end-0 after:mt-1.5",
	"bottom-start": "after:top-full after:start-0 after:mt-1.5",
	"top-end": "after:bottom-full after:end-0 after:mb-1.5",
	none: "after:hidden",
} as const;
const ICON_SIZES = {
	sm: "size-7 rounded-sm pointer-coarse:size-9",
	md: "size-8.5 rounded-md pointer-coarse:size-11",
} as const;

interface IconLook {
	/** What it does: its accessible name, and its tip while hovered or focused. */
	label: string;
	children: ReactNode;
	size?: keyof typeof ICON_SIZES;
	tip?: keyof typeof TIPS;
	variant?: keyof typeof ICON_VARIANTS;
}

const ICON_VARIANTS = {
	ghost: "text-text-muted hover:bg-hover hover:text-text aria-pressed:bg-selected aria-pressed:text-text",
	primary: "bg-accent text-text-inverse hover:bg-accent-strong disabled:bg-selected disabled:text-text-faint",
	danger: "text-text-muted hover:bg-danger-soft hover:text-danger-text",
} as const;

export function IconButton({
	label,
	size = "sm",
	tip = "top",
	variant = "ghost",
	className,
	...rest
}: Omit<ComponentProps<"button">, "aria-label"> & IconLook) {
	return <button type="button" aria-label={label} className={iconLookOf(variant, size, tip, className)} {...rest} />;
}

/** A file, or a page of its own, that looks like an icon button. */
export function IconLink({
	label,
	href,
	size = "md",
	tip = "none",
	variant = "ghost",
	className,
	children,
	...rest
}: Omit<ComponentProps<"a">, "aria-label" | "href"> & IconLook & { href: string }) {
	return (
		<a href={href} aria-label={label} className={iconLookOf(variant, size, tip, className)} {...rest}>
			{children}
		</a>
	);
}

function iconLookOf(
	variant: keyof typeof ICON_VARIANTS,
	size: keyof typeof ICON_SIZES,
	tip: keyof typeof TIPS,
	className: string | undefined,
): string {
	return cx(
		"relative inline-flex shrink-0 select-none items-center justify-center transition-colors duration-100 [&_svg]:size-4",
		"after:pointer-events-none after:absolute after:z-20 after:whitespace-nowrap after:rounded-sm after:bg-text after:px-2 after:py-1 after:text-text-inverse after:text-xs after:opacity-0 after:transition-opacity after:content-[attr(aria-label)] hocus:after:opacity-100 hocus:after:delay-400 pointer-coarse:after:hidden data-[state=open]:after:hidden",
		TIPS[tip],
		ICON_SIZES[size],
		ICON_VARIANTS[variant],
		className,
	);
}
