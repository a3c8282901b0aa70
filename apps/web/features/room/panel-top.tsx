"use client";
import { X } from "lucide-react";
import type { ReactNode } from "react";
import { IconButton } from "../../ui/button.tsx";
import { useMedia } from "../../ui/use-media.ts";

interface PanelTopProps {
	title: string;
	beside?: ReactNode;
	children?: ReactNode;
	onClose: () => void;
}

/** The head of a panel beside the messages. As a sheet over them it has a title and a button of its own. */
export function PanelTop({ title, beside, children, onClose }: PanelTopProps) {
	const isWide = useMedia("(min-width: 64rem)");
	if (!isWide && !children) return null;
	return (
		<div className="flex h-13 shrink-0 items-center gap-2 border-line border-b px-4">
			{isWide && <h2 className="truncate font-semibold text-md tracking-[-0.01em]">{title}</h2>}
			<span className="truncate text-sm text-text-faint">{beside}</span>
			<span className="ms-auto flex shrink-0 items-center gap-1">
				{children}
				{isWide && (
					<IconButton label="Close" tip="none" onClick={onClose}>
						<X />
					</IconButton>
				)}
			</span>
		</div>
	);
}
