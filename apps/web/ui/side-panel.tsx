"use client";
import type { ReactNode } from "react";
import { cx } from "./cx.ts";
import { fetched } from "./fetched.tsx";
import { Splitter } from "./splitter.tsx";
import { useMedia } from "./use-media.ts";

const Sheet = fetched(async () => ({ default: (await import("./sheet.tsx")).Sheet }));

interface SidePanelProps {
	title: string;
	/** On a wide screen the panel is part of the page; elsewhere it lies over it for as long as `isOpen`. */
	isOpen: boolean;
	onClose: () => void;
	/** How much of a screen without room for both it covers. */
	sheet?: "narrow" | "full";
	/** Its content shows the title and the button that closes it, wherever it lies. */
	hasOwnTop?: boolean;
	/** In CSS pixels, for a panel whose width people choose. */
	width?: number;
	onWidth?: (width: number) => void;
	children: ReactNode;
}

export function SidePanel(props: SidePanelProps) {
	const { title, isOpen, onClose, sheet = "narrow", hasOwnTop = false, width, onWidth, children } = props;
	const isWide = useMedia("(min-width: 64rem)");
	if (!isOpen) return null;
	if (isWide) {
		return (
			<aside
				aria-label={title}
				style={width === undefined ? undefined : { width }}
				className={cx(
					"relative flex shrink-0 flex-col border-line border-s",
					width === undefined ? "w-72 overflow-hidden" : "min-w-72 max-w-[min(60%,calc(100%-24rem))]",
				)}
			>
				{width !== undefined && onWidth && <Splitter label={`Width of ${title}`} width={width} onWidth={onWidth} />}
				{children}
			</aside>
		);
	}
	return (
		<Sheet title={title} side="end" width={sheet} header={hasOwnTop ? "own" : "plain"} onClose={onClose}>
			{children}
		</Sheet>
	);
}
