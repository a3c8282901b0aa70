"use client";
import { Avatar } from "../../../ui/avatar.tsx";
import { Invite } from "../invite.tsx";
import { SideScroll } from "./side-scroll.tsx";
import type { SideTabProps } from "./side-tab.ts";

export function PeopleTab({ workspace, me, verbs }: SideTabProps) {
	return (
		<SideScroll>
			<ul className="-mx-2">
				{workspace.people.map((person) => (
					<li key={person.id} className="flex h-9 items-center gap-2.5 px-2 text-sm">
						<Avatar id={person.id} name={person.name} size="sm" isOnline={person.isOnline} />
						<span className="truncate">{person.name}</span>
						{person.id === workspace.session.ownerId && <span className="text-text-faint text-xs">owner</span>}
						{person.id === me && <span className="text-text-faint text-xs">you</span>}
					</li>
				))}
			</ul>
			{workspace.invitable.length > 0 && <Invite people={workspace.invitable} onInvite={verbs.invite} />}
		</SideScroll>
	);
}
