"use client";
import { Settings, UserPlus } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Button, IconButton } from "../../ui/button.tsx";
import type { Question } from "../../ui/confirm.tsx";
import { fetched } from "../../ui/fetched.tsx";
import { SidePanel } from "../../ui/side-panel.tsx";
import { notify } from "../../ui/toast.tsx";
import type { Governance, GovernVerbs, RoomPerson } from "./governance.ts";
import { MemberRow } from "./member-row.tsx";
import { PanelTop } from "./panel-top.tsx";

const Confirm = fetched(() => import("../../ui/confirm.tsx"));
const InvitePeople = fetched(() => import("./invite-people.tsx"));

interface MembersPanelProps {
	governance: Governance;
	verbs: GovernVerbs;
	me: string;
	topic: string;
	onSettings: (() => void) | undefined;
	onClose: () => void;
}

/** Who is in a room, and what those who run it do about that. */
export default function MembersPanel({ governance, verbs, me, topic, onSettings, onClose }: MembersPanelProps) {
	const [question, setQuestion] = useState<Question | null>(null);
	const [isInviting, setInviting] = useState(false);
	const { people, outside, canManage, canInvite } = governance;
	const groups = [
		["Here", people.filter((person) => person.isOnline)],
		["Away", people.filter((person) => !person.isOnline)],
		["Invited", outside.filter(({ membership }) => membership === "invited")],
		["Banned", canManage ? outside.filter(({ membership }) => membership === "banned") : []],
	] as const;
	return (
		<SidePanel title="People" isOpen hasOwnTop onClose={onClose}>
			<PanelTop title="People" onClose={onClose}>
				{onSettings && (
					<IconButton label="Room settings" tip="bottom-end" onClick={onSettings}>
						<Settings />
					</IconButton>
				)}
			</PanelTop>
			<div className="flex-1 overflow-y-auto px-2.5 py-4">
				{topic && (
					<section className="px-2 pb-5">
						<h3 className="pb-1 font-medium text-text-faint text-xs">Topic</h3>
						<p className="text-sm">{topic}</p>
					</section>
				)}
				{canInvite && (
					<Button size="sm" className="mx-2 mb-5" onClick={() => setInviting(true)}>
						<UserPlus className="size-3.5" aria-hidden="true" />
						Add people
					</Button>
				)}
				{groups.map(([title, members]) => (
					<Group key={title} title={title} members={members}>
						{(member) => (
							<MemberRow
								key={member.id}
								member={member}
								me={me}
								role={governance.role}
								verbs={verbs}
								onAsk={setQuestion}
								onRefused={complain}
							/>
						)}
					</Group>
				))}
			</div>
			{question && <Confirm question={question} onClose={() => setQuestion(null)} />}
			{isInviting && <InvitePeople governance={governance} verbs={verbs} onClose={() => setInviting(false)} />}
		</SidePanel>
	);
}

const complain = (refusal: string | null) => {
	if (refusal !== null) notify(refusal, "error");
};

interface GroupProps {
	title: string;
	members: readonly RoomPerson[];
	children: (member: RoomPerson) => ReactNode;
}

function Group({ title, members, children }: GroupProps) {
	if (members.length === 0) return null;
	return (
		<section className="pb-5">
			<h3 className="flex gap-2 px-2 pb-1.5 font-medium text-text-faint text-xs">
				{title} <span className="tabular-nums">{members.length}</span>
			</h3>
			<ul>{members.map(children)}</ul>
		</section>
	);
}
