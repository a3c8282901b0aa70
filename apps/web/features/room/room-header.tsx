"use client";
import { Hash, Lock, MessageCircle } from "lucide-react";
import type { Person } from "../../live/person.ts";
import { AvatarStack } from "../../ui/avatar.tsx";
import { PageHeader } from "../../ui/page-header.tsx";

interface RoomHeaderProps {
	name: string;
	topic: string;
	visibility: "public" | "private" | "direct";
	members: readonly Person[];
	isPanelOpen: boolean;
	onTogglePanel: () => void;
}

const ICONS = { public: <Hash />, private: <Lock />, direct: <MessageCircle /> } as const;

export function RoomHeader({ name, topic, visibility, members, isPanelOpen, onTogglePanel }: RoomHeaderProps) {
	const online = members.filter((member) => member.isOnline);
	return (
		<PageHeader icon={ICONS[visibility]} title={name} subtitle={topic}>
			<button
				type="button"
				aria-pressed={isPanelOpen}
				aria-label={`People: ${members.length} ${members.length === 1 ? "member" : "members"}, ${online.length} here`}
				onClick={onTogglePanel}
				className="flex h-8 items-center gap-2 rounded-md px-2 text-sm text-text-muted transition-colors hover:bg-hover aria-pressed:bg-selected pointer-coarse:h-11"
			>
				<AvatarStack people={online} max={4} />
				<span className="tabular-nums">{members.length}</span>
			</button>
		</PageHeader>
	);
}
