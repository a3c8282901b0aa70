"use client";
import type { RoomRole } from "@bullpen/domain/room";
import { Ellipsis } from "lucide-react";
import { useState } from "react";
import { Avatar } from "../../ui/avatar.tsx";
import { BotBadge } from "../../ui/bot-badge.tsx";
import { IconButton } from "../../ui/button.tsx";
import type { Question } from "../../ui/confirm.tsx";
import { fetched } from "../../ui/fetched.tsx";
import { type GovernVerbs, mayActOn, type RoomPerson } from "./governance.ts";

const MemberMenu = fetched(() => import("./member-menu.tsx"));

export interface MemberRowProps {
	member: RoomPerson;
	me: string;
	/** Ours. */
	role: RoomRole | null;
	verbs: GovernVerbs;
	onAsk: (question: Question) => void;
	onRefused: (refusal: string | null) => void;
}

const ROLES = { owner: "Owner", admin: "Admin", member: null, guest: "Guest" } as const;

export function MemberRow(props: MemberRowProps) {
	const { member, me, role } = props;
	const [isOpen, setOpen] = useState(false);
	const isMe = member.id === me;
	const hasRole = member.membership === "joined" && !(member.isBot && member.role === "guest");
	const roleName = hasRole ? ROLES[member.role] : null;
	const button = (
		<IconButton
			label={`More about ${member.name}`}
			tip="none"
			aria-haspopup="menu"
			onPointerEnter={MemberMenu.ahead}
			onFocus={MemberMenu.ahead}
			onClick={() => setOpen(true)}
		>
			<Ellipsis />
		</IconButton>
	);
	return (
		<li className="group flex min-h-9 items-center gap-2.5 rounded-md ps-2 pe-0.5 text-sm hover:bg-hover pointer-coarse:min-h-11">
			<Avatar
				id={member.id}
				name={member.name}
				size="sm"
				isOnline={member.membership === "joined" ? member.isOnline : undefined}
			/>
			<span className="min-w-0 flex-1 py-1">
				<span className="flex items-center gap-1.5">
					<span className="truncate">{member.name}</span>
					{member.isBot && <BotBadge />}
					{isMe && <span className="text-text-faint text-xs">you</span>}
					{member.status?.emoji && <span className="text-xs">{member.status.emoji}</span>}
				</span>
				{member.status?.text && <span className="block truncate text-text-faint text-xs">{member.status.text}</span>}
			</span>
			{roleName && <span className="text-text-faint text-xs last:pe-2">{roleName}</span>}
			{!isMe && (mayActOn(role, member, me) || member.membership === "joined") && (
				<span>{isOpen ? <MemberMenu place={button} {...props} onClose={() => setOpen(false)} /> : button}</span>
			)}
		</li>
	);
}
