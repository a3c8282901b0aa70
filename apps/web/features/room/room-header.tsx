"use client";
import { Hash, Lock, MessageCircle, Pin } from "lucide-react";
import type { Person } from "../../live/person.ts";
import { Avatar, AvatarStack } from "../../ui/avatar.tsx";
import { PageHeader } from "../../ui/page-header.tsx";

interface RoomHeaderProps {
	name: string;
	topic: string;
	visibility: "public" | "private" | "direct";
	members: readonly Person[];
	me: string;
	pinnedIds: readonly number[];
	isPanelOpen: boolean;
	isPinsOpen: boolean;
	onTogglePanel: () => void;
	onTogglePins: () => void;
}

const ICONS = { public: <Hash />, private: <Lock />, direct: <MessageCircle /> } as const;

const TOGGLE =
	"flex h-8 items-center gap-2 rounded-md px-2 text-sm text-text-muted transition-colors hover:bg-hover aria-pressed:bg-selected pointer-coarse:h-11";

export function RoomHeader(props: RoomHeaderProps) {
	const { name, topic, visibility, members, me, pinnedIds, isPanelOpen, isPinsOpen, onTogglePanel, onTogglePins } =
		props;
	const online = members.filter((member) => member.isOnline);
	const others = visibility === "direct" ? members.filter(({ id }) => id !== me) : [];
	const other = others.length === 1 ? others[0] : undefined;
	return (
		<PageHeader icon={other ? <OtherPerson person={other} /> : ICONS[visibility]} title={name} subtitle={topic}>
			{(pinnedIds.length > 0 || isPinsOpen) && (
				<button
					type="button"
					aria-pressed={isPinsOpen}
					aria-label={`Pinned messages: ${pinnedIds.length}`}
					onClick={onTogglePins}
					className={TOGGLE}
				>
					<Pin className="size-4" aria-hidden="true" />
					<span className="tabular-nums">{pinnedIds.length}</span>
				</button>
			)}
			<button
				type="button"
				aria-pressed={isPanelOpen}
				aria-label={`People: ${members.length} ${members.length === 1 ? "member" : "members"}, ${online.length} here`}
				onClick={onTogglePanel}
				className={TOGGLE}
			>
				<AvatarStack people={online} max={4} />
				<span className="tabular-nums">{members.length}</span>
			</button>
		</PageHeader>
	);
}

const OtherPerson = ({ person: { id, name, isOnline } }: { person: Person }) => (
	<Avatar id={id} name={name} size="sm" isOnline={isOnline} />
);
