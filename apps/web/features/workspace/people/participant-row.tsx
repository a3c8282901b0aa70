"use client";
import { Ellipsis } from "lucide-react";
import { useState } from "react";
import { Avatar } from "../../../ui/avatar.tsx";
import { IconButton } from "../../../ui/button.tsx";
import { fetched } from "../../../ui/fetched.tsx";
import { ROLES } from "./role-words.ts";
import type { Participant, PeopleModel } from "./use-workspace-people.ts";

const ParticipantMenu = fetched(() => import("./participant-menu.tsx"));

export interface ParticipantRowProps {
	participant: Participant;
	isMe: boolean;
	/** What the owner may do about them; nobody else may, and nobody about the owner. */
	verbs: ParticipantVerbs | null;
}

export interface ParticipantVerbs extends Pick<PeopleModel, "setRole" | "remove"> {
	/** Asks first: nobody takes it back but the one who has it then. */
	makeOwner: (participant: Participant) => void;
}

export function ParticipantRow({ participant, isMe, verbs }: ParticipantRowProps) {
	const { person, role, isTyping } = participant;
	return (
		<li className="flex min-h-11 items-center gap-2.5 px-2">
			<Avatar id={person.id} name={person.name} size="sm" isOnline={person.isOnline} />
			<div className="min-w-0 flex-1 leading-tight">
				<p className="flex items-baseline gap-1.5 text-sm">
					<span className="truncate">{person.name}</span>
					{isMe && <span className="shrink-0 text-text-faint text-xs">you</span>}
				</p>
				<p className="truncate text-text-faint text-xs">
					{isTyping ? (
						<span className="text-info-text">writing a prompt…</span>
					) : (
						<>
							{ROLES[role].label}
							<span className="sr-only">, {person.isOnline ? "here" : "away"}</span>
						</>
					)}
				</p>
			</div>
			{verbs && <MenuButton participant={participant} verbs={verbs} />}
		</li>
	);
}

/** The menu is fetched when somebody reaches for it. */
function MenuButton({ participant, verbs }: { participant: Participant; verbs: ParticipantVerbs }) {
	const [isWanted, setWanted] = useState(false);
	const button = (
		<IconButton
			label={`More for ${participant.person.name}`}
			tip="none"
			onPointerEnter={ParticipantMenu.ahead}
			onFocus={ParticipantMenu.ahead}
			onClick={() => setWanted(true)}
		>
			<Ellipsis />
		</IconButton>
	);
	if (!isWanted) return button;
	return <ParticipantMenu place={button} onFail={() => setWanted(false)} participant={participant} verbs={verbs} />;
}
