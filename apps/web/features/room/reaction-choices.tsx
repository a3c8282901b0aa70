"use client";
import { type ReactNode, useState } from "react";
import { Popover } from "../../ui/popover.tsx";
import EmojiPanel from "./emoji-panel.tsx";
import { notePicked, oftenUsed } from "./often-used.ts";

interface ReactionChoicesProps {
	label: string;
	trigger: ReactNode;
	onPick: (emoji: string) => void;
	onOpenChange: (isOpen: boolean) => void;
}

/** Open from the start: it comes because somebody asked for it. */
export default function ReactionChoices({ label, trigger, onPick, onOpenChange }: ReactionChoicesProps) {
	const [usual] = useState(oftenUsed);
	return (
		<Popover label={label} side="top" align="end" className="p-1" onOpenChange={onOpenChange} trigger={trigger}>
			{(close) => (
				<EmojiPanel
					usual={usual}
					onPick={(emoji) => {
						notePicked(emoji);
						onPick(emoji);
						close();
					}}
				/>
			)}
		</Popover>
	);
}
