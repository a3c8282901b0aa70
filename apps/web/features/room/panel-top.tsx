"use client";
import { X } from "lucide-react";
import type { ReactNode } from "react";
import { IconButton } from "../../ui/button.tsx";

interface PanelTopProps {
	title: string;
	beside?: ReactNode;
	children?: ReactNode;
	onClose: () => void;
}

/** The head of a panel beside the messages, or over them. */
export function PanelTop({ title, beside, children, onClose }: PanelTopProps) {
	return (
		<div className="flex h-13 shrink-0 items-center gap-2 border-line border-b px-4">
			<h2 className="truncate font-semibold text-md tracking-[-0.01em]">{title}</h2>
			<span className="truncate text-sm text-text-faint">{beside}</span>
			<span className="ms-auto flex shrink-0 items-center gap-1">
				{children}
				<IconButton label="Close" tip="none" onClick={onClose}>
					<X />
				</IconButton>
			</span>
		</div>
	);
}
