"use client";
import { SmilePlus } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { IconButton } from "../../ui/button.tsx";

const load = () => import("./reaction-choices.tsx");
const ReactionChoices = lazy(load);

interface ReactionPickerProps {
	onPick: (emoji: string) => void;
	onOpenChange: (isOpen: boolean) => void;
}

/** The choices are fetched when somebody reaches for them. */
export function ReactionPicker({ onPick, onOpenChange }: ReactionPickerProps) {
	const [isWanted, setWanted] = useState(false);
	const want = () => {
		setWanted(true);
		onOpenChange(true);
	};
	const button = (
		<IconButton
			label="Add reaction"
			aria-haspopup="dialog"
			aria-expanded={false}
			onPointerEnter={load}
			onFocus={load}
			onClick={want}
		>
			<SmilePlus />
		</IconButton>
	);
	if (!isWanted) return button;
	return (
		<Suspense fallback={button}>
			<ReactionChoices onPick={onPick} onOpenChange={onOpenChange} />
		</Suspense>
	);
}
