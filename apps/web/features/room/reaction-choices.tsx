"use client";
import { SmilePlus } from "lucide-react";
import { IconButton } from "../../ui/button.tsx";
import { Popover } from "../../ui/popover.tsx";

const CHOICES: ReadonlyArray<readonly [emoji: string, name: string]> = [
	["👍", "thumbs up"],
	["❤️", "heart"],
	["😂", "laughing"],
	["🎉", "party"],
	["🙌", "raised hands"],
	["👏", "clapping"],
	["🙏", "thank you"],
	["💯", "hundred"],
	["👀", "eyes"],
	["✅", "done"],
	["🚀", "rocket"],
	["🔥", "fire"],
	["⚾", "baseball"],
	["🤔", "thinking"],
	["😮", "surprised"],
	["😢", "sad"],
	["😅", "relieved"],
	["🫡", "salute"],
	["👎", "thumbs down"],
	["❌", "no"],
	["☕", "coffee"],
];

interface ReactionChoicesProps {
	onPick: (emoji: string) => void;
	onOpenChange: (isOpen: boolean) => void;
}

/** Open from the start: it comes because somebody asked for it. */
export default function ReactionChoices({ onPick, onOpenChange }: ReactionChoicesProps) {
	return (
		<Popover
			label="Choose a reaction"
			side="top"
			align="end"
			className="p-1.5"
			onOpenChange={onOpenChange}
			trigger={
				<IconButton label="Add reaction">
					<SmilePlus />
				</IconButton>
			}
		>
			{(close) => (
				<div className="grid grid-cols-7 gap-0.5">
					{CHOICES.map(([emoji, name]) => (
						<button
							key={emoji}
							type="button"
							aria-label={name}
							title={name}
							className="size-9 rounded-sm font-emoji text-[1.125rem] leading-none transition-transform hover:bg-selected active:scale-90 pointer-coarse:size-10"
							onClick={() => {
								onPick(emoji);
								close();
							}}
						>
							{emoji}
						</button>
					))}
				</div>
			)}
		</Popover>
	);
}
