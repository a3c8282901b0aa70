import type { Person } from "../../live/person.ts";
import { Avatar } from "../../ui/avatar.tsx";
import { SidePanel } from "../../ui/side-panel.tsx";

interface MembersPanelProps {
	members: readonly Person[];
	me: string;
	topic: string;
	onClose: () => void;
}

export default function MembersPanel({ members, me, topic, onClose }: MembersPanelProps) {
	const online = members.filter((member) => member.isOnline);
	const away = members.filter((member) => !member.isOnline);
	return (
		<SidePanel title="People" isOpen onClose={onClose}>
			<div className="flex-1 overflow-y-auto px-2.5 py-4">
				{topic && (
					<section className="px-2 pb-5">
						<h2 className="pb-1 font-medium text-text-faint text-xs">Topic</h2>
						<p className="text-sm">{topic}</p>
					</section>
				)}
				<Group title="Here" members={online} me={me} />
				<Group title="Away" members={away} me={me} />
			</div>
		</SidePanel>
	);
}

function Group({ title, members, me }: { title: string; members: readonly Person[]; me: string }) {
	if (members.length === 0) return null;
	return (
		<section className="pb-5">
			<h2 className="flex gap-2 px-2 pb-1.5 font-medium text-text-faint text-xs">
				{title} <span className="tabular-nums">{members.length}</span>
			</h2>
			<ul>
				{members.map((member) => (
					<li key={member.id} className="flex h-9 items-center gap-2.5 rounded-md px-2 text-sm">
						<Avatar id={member.id} name={member.name} size="sm" isOnline={member.isOnline} />
						<span className="truncate">{member.name}</span>
						{member.id === me && <span className="text-text-faint text-xs">you</span>}
					</li>
				))}
			</ul>
		</section>
	);
}
