"use client";
import type { PermissionPolicy } from "@bullpen/domain/permission";
import { ShieldCheck } from "lucide-react";
import { type ComponentProps, useState } from "react";
import { fetched } from "../../ui/fetched.tsx";
import { POLICIES } from "./policy-words.ts";

const PolicyMenu = fetched(() => import("./policy-menu.tsx"));

export interface PolicyChipProps {
	policy: PermissionPolicy;
	isOwner: boolean;
	onPolicy: (policy: PermissionPolicy) => void;
	/** The remembered answers and the list of what was decided. */
	onOpenAnswers: () => void;
}

/** Who answers the agent here. The owner changes it; everybody finds what was decided behind it. */
export function PolicyChip(props: PolicyChipProps) {
	const [isWanted, setWanted] = useState(false);
	const chip = (
		<PolicyButton
			policy={props.policy}
			onPointerEnter={PolicyMenu.ahead}
			onFocus={PolicyMenu.ahead}
			onClick={() => setWanted(true)}
		/>
	);
	if (!isWanted) return chip;
	return <PolicyMenu place={chip} onFail={() => setWanted(false)} {...props} />;
}

export function PolicyButton({ policy, ...rest }: ComponentProps<"button"> & { policy: PermissionPolicy }) {
	return (
		<button
			type="button"
			aria-label={`Who answers the agent: ${POLICIES[policy].label}`}
			className="flex h-7 shrink-0 items-center gap-1.5 rounded-sm px-2 font-medium text-text-muted text-xs transition-colors hover:bg-hover hover:text-text pointer-coarse:h-10 pointer-coarse:px-2.5 data-[state=open]:bg-selected"
			{...rest}
		>
			<ShieldCheck className="size-4" aria-hidden="true" />
			<span className="hidden @min-[70rem]/head:inline">{POLICIES[policy].chip}</span>
		</button>
	);
}
