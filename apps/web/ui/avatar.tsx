"use client";
import { createContext, use } from "react";
import { cx } from "./cx.ts";

/** The address of somebody's picture, for those who have one. */
export const AvatarPictures = createContext<(id: string) => string | undefined>(() => undefined);

const SIZES = {
	xs: "size-5 text-[0.5625rem]",
	sm: "size-6 text-2xs",
	md: "size-9 text-sm",
	lg: "size-16 text-lg",
} as const;

interface AvatarProps {
	/** Chooses the colour: the same everywhere for the same person. */
	id: string;
	name: string;
	size?: keyof typeof SIZES;
	isOnline?: boolean | undefined;
	className?: string;
}

export function Avatar({ id, name, size = "md", isOnline, className }: AvatarProps) {
	const hue = hueOf(id);
	const picture = use(AvatarPictures)(id);
	return (
		<span className={cx("relative inline-block shrink-0", className)} aria-hidden="true">
			{picture === undefined ? (
				<span
					data-initials={initialsOf(name)}
					className={cx(
						"flex items-center justify-center rounded-[32%] font-semibold before:content-[attr(data-initials)]",
						SIZES[size],
					)}
					style={{
						backgroundColor: `oklch(var(--person-lightness) var(--person-chroma) ${hue})`,
						color: `oklch(var(--person-ink-lightness) var(--person-ink-chroma) ${hue})`,
					}}
				/>
			) : (
				// biome-ignore lint/performance/noImgElement: a small picture of our own server has nothing to be optimised.
				<img src={picture} alt="" className={cx("rounded-[32%] object-cover", SIZES[size])} />
			)}
			{isOnline !== undefined && (
				<span
					className={cx(
						"absolute -end-0.5 -bottom-0.5 size-2.5 rounded-full border-2 border-surface",
						isOnline ? "bg-accent" : "bg-text-faint",
					)}
				/>
			)}
		</span>
	);
}

interface StackProps {
	people: ReadonlyArray<{ id: string; name: string }>;
	max?: number;
	size?: "xs" | "sm";
}

/** The first few people, overlapping. Decorative: say who they are in words beside it. */
export function AvatarStack({ people, max = 4, size = "sm" }: StackProps) {
	return (
		<span className="flex -space-x-0.5" aria-hidden="true">
			{people.slice(0, max).map((person) => (
				<Avatar
					key={person.id}
					id={person.id}
					name={person.name}
					size={size}
					className="rounded-[36%] ring-2 ring-surface"
				/>
			))}
		</span>
	);
}

function hueOf(id: string): number {
	let hash = 7;
	for (const char of id) hash = (Math.imul(hash, 31) + (char.codePointAt(0) ?? 0)) >>> 0;
	return (hash % 12) * 30 + 15;
}

function initialsOf(name: string): string {
	const words = name.trim().split(/[\s._-]+/u);
	const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) => [...(word ?? "")][0] ?? "");
	return letters.join("").toLocaleUpperCase() || "?";
}
