"use client";
import { SmilePlus } from "lucide-react";
import { useState } from "react";
import { IconButton } from "../../ui/button.tsx";
import { fetched } from "../../ui/fetched.tsx";

const ReactionChoices = fetched(() => import("./reaction-choices.tsx"));

interface ReactionPickerProps {
	label?: string;
	/** What the opened choices are for. */
	question?: string;
	size?: "sm" | "md";
	onPick: (emoji: string) => void;
	onOpenChange?: (isOpen: boolean) => void;
}

/** The choices are fetched when somebody reaches for them. */
export function ReactionPicker(props: ReactionPickerProps) {
	const {
		label = "Add reaction",
		question = "Choose a reaction",
		size = "sm",
		onPick,
		onOpenChange = () => {},
	} = props;
	const [isWanted, setWanted] = useState(false);
	const want = () => {
		setWanted(true);
		onOpenChange(true);
	};
	const unwant = () => {
		setWanted(false);
		onOpenChange(false);
	};
	const asking = (
		<IconButton
			label={label}
			size={size}
			aria-haspopup="dialog"
			aria-expanded={false}
			onPointerEnter={ReactionChoices.ahead}
			onFocus={ReactionChoices.ahead}
			onClick={want}
		>
			<SmilePlus />
		</IconButton>
	);
	if (!isWanted) return asking;
	const trigger = (
		<IconButton label={label} size={size}>
			<SmilePlus />
		</IconButton>
	);
	return (
		<ReactionChoices
			place={asking}
			onFail={unwant}
			label={question}
			trigger={trigger}
			onPick={onPick}
			onOpenChange={onOpenChange}
		/>
	);
}
