"use client";
import type { PermissionPolicy } from "@bullpen/domain/permission";
import { Crown, ScrollText, User, Users } from "lucide-react";
import { Menu, MenuChoice, MenuItem, MenuSeparator } from "../../ui/menu.tsx";
import { PolicyButton, type PolicyChipProps } from "./policy-chip.tsx";
import { POLICIES } from "./policy-words.ts";

const ICONS = { prompters: <User />, owner: <Crown />, two: <Users /> } as const satisfies Record<
	PermissionPolicy,
	unknown
>;
const CHOICES = (["prompters", "owner", "two"] as const).map((value) => ({
	value,
	label: POLICIES[value].label,
	icon: ICONS[value],
}));

export default function PolicyMenu({ policy, isOwner, onPolicy, onOpenAnswers }: PolicyChipProps) {
	const choose = (value: string) => {
		const chosen = CHOICES.find((choice) => choice.value === value);
		if (chosen) onPolicy(chosen.value);
	};
	return (
		<Menu trigger={<PolicyButton policy={policy} />} label="Who answers the agent" align="end">
			<MenuChoice
				label={isOwner ? "Who answers the agent" : "Who answers the agent (the owner decides)"}
				value={policy}
				options={CHOICES}
				isDisabled={!isOwner}
				onChange={choose}
			/>
			<p className="max-w-64 px-2.5 pt-1 pb-2 text-text-faint text-xs">{POLICIES[policy].meaning}</p>
			<MenuSeparator />
			<MenuItem icon={<ScrollText />} onSelect={onOpenAnswers}>
				Remembered answers and log
			</MenuItem>
		</Menu>
	);
}
