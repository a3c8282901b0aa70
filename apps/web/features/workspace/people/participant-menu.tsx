"use client";
import { Crown, Ellipsis, Eye, SquareTerminal, UserMinus } from "lucide-react";
import { IconButton } from "../../../ui/button.tsx";
import { Menu, MenuChoice, MenuItem, MenuSeparator } from "../../../ui/menu.tsx";
import type { ParticipantRowProps, ParticipantVerbs } from "./participant-row.tsx";
import { ROLES } from "./role-words.ts";

const CHOICES = [
	{ value: "prompter", label: ROLES.prompter.label, icon: <SquareTerminal /> },
	{ value: "viewer", label: ROLES.viewer.label, icon: <Eye /> },
] as const;

interface ParticipantMenuProps extends Pick<ParticipantRowProps, "participant"> {
	verbs: ParticipantVerbs;
}

export default function ParticipantMenu({ participant, verbs }: ParticipantMenuProps) {
	const { person, role, isMember } = participant;
	const label = `More for ${person.name}`;
	const trigger = (
		<IconButton label={label} tip="none">
			<Ellipsis />
		</IconButton>
	);
	const choose = (value: string) => {
		const chosen = CHOICES.find((choice) => choice.value === value);
		if (chosen) verbs.setRole(participant, chosen.value);
	};
	return (
		<Menu trigger={trigger} label={label} align="end">
			<MenuChoice label="Role" value={role} options={CHOICES} onChange={choose} />
			{(role === "prompter" || role === "viewer") && (
				<p className="max-w-56 px-2.5 pt-1 pb-2 text-text-faint text-xs">{ROLES[role].meaning}</p>
			)}
			<MenuSeparator />
			{isMember && (
				<MenuItem icon={<Crown />} onSelect={() => verbs.makeOwner(participant)}>
					Make owner…
				</MenuItem>
			)}
			<MenuItem icon={<UserMinus />} onSelect={() => verbs.remove(person.id)}>
				Remove from workspace
			</MenuItem>
		</Menu>
	);
}
