"use client";
import { lazy, type ReactNode, Suspense } from "react";
import { useMedia } from "./use-media.ts";

const Sheet = lazy(() => import("./sheet.tsx").then((module) => ({ default: module.Sheet })));

interface SidePanelProps {
	title: string;
	/** On a wide screen the panel is part of the page; elsewhere it lies over it for as long as `isOpen`. */
	isOpen: boolean;
	onClose: () => void;
	children: ReactNode;
}

export function SidePanel({ title, isOpen, onClose, children }: SidePanelProps) {
	const isWide = useMedia("(min-width: 64rem)");
	if (!isOpen) return null;
	if (isWide) {
		return (
			<aside aria-label={title} className="flex w-72 shrink-0 flex-col overflow-hidden border-line border-s">
				{children}
			</aside>
		);
	}
	return (
		<Suspense>
			<Sheet title={title} side="end" onClose={onClose}>
				{children}
			</Sheet>
		</Suspense>
	);
}
