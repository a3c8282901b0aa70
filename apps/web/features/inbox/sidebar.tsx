"use client";
import { Compass, House, MessageSquareText, Plus, Search, SquarePen, SquareTerminal, Users } from "lucide-react";
import type { ReactNode } from "react";
import { AgentDot } from "../../live/agent-dot.tsx";
import { Badge, CountBadge } from "../../ui/badge.tsx";
import { IconButton } from "../../ui/button.tsx";
import { Link } from "../../ui/link.tsx";
import { Wordmark } from "../../ui/logo.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { RoomItem } from "./room-item.tsx";
import type { RoomChoices, SidebarData, SidebarWorkspace } from "./sidebar-data.ts";
import { SidebarItem } from "./sidebar-item.tsx";

interface SidebarProps {
	data: SidebarData;
	choices: RoomChoices;
	footer: ReactNode;
	onOpenRoom: () => void;
	onNewMessage: () => void;
	onNewWorkspace: () => void;
}

/** Those that need somebody and those used last come first; the others are a search away. */
const WORKSPACES_SHOWN = 20;
const DIRECTS_SHOWN = 20;

export function Sidebar({ data, choices, footer, onOpenRoom, onNewMessage, onNewWorkspace }: SidebarProps) {
	return (
		<>
			<div className="flex h-14 shrink-0 items-center justify-between ps-5 pe-3">
				<Link href="/" aria-label="Bullpen" className="rounded-sm text-base">
					<Wordmark />
				</Link>
				<div className="flex items-center gap-0.5">
					<IconButton label="Search rooms and workspaces" tip="bottom-end" onClick={onOpenRoom}>
						<Search />
					</IconButton>
					<IconButton label="New message" tip="bottom-end" onClick={onNewMessage}>
						<SquarePen />
					</IconButton>
				</div>
			</div>
			<div className="min-h-0 flex-1 overflow-y-auto px-2.5 pb-4">
				<ul className="space-y-px pt-1">
					<SidebarItem href="/home" icon={<House />} name="Home" isStrong={data.threads.length > 0}>
						<ThreadCount threads={data.threads} />
					</SidebarItem>
					<SidebarItem href="/search" icon={<MessageSquareText />} name="Search messages">
						<span className="hidden text-2xs text-text-muted pointer-fine:block" aria-hidden="true">
							Ctrl ⇧ F
						</span>
					</SidebarItem>
					<SidebarItem href="/rooms" icon={<Compass />} name="Browse rooms" />
					<SidebarItem href="/people" icon={<Users />} name="People" />
					<SidebarItem href="/w" icon={<SquareTerminal />} name="All workspaces" />
				</ul>
				<Section title="Rooms" action="Open room" onAction={onOpenRoom} isLoaded={data.isLoaded}>
					{data.rooms.map((room) => (
						<RoomItem key={room.id} room={room} choices={choices} />
					))}
				</Section>
				{(data.directs.length > 0 || !data.isLoaded) && (
					<Section title="Direct messages" action="New message" onAction={onNewMessage} isLoaded={data.isLoaded}>
						{data.directs.slice(0, DIRECTS_SHOWN).map((room) => (
							<RoomItem key={room.id} room={room} choices={choices} />
						))}
					</Section>
				)}
				<Section title="Workspaces" action="New workspace" onAction={onNewWorkspace} isLoaded={data.isLoaded}>
					{data.workspaces.slice(0, WORKSPACES_SHOWN).map((workspace) => (
						<WorkspaceItem key={workspace.id} workspace={workspace} />
					))}
					{data.workspaces.length > WORKSPACES_SHOWN && (
						<li>
							<button
								type="button"
								onClick={onOpenRoom}
								className="h-8 w-full rounded-md ps-9 text-start text-sm text-text-faint hover:bg-hover hover:text-text pointer-coarse:h-11"
							>
								{data.workspaces.length - WORKSPACES_SHOWN} more…
							</button>
						</li>
					)}
					{data.workspaces.length === 0 && (
						<li className="px-2.5 py-1 text-sm text-text-faint">
							No workspace yet. Start one to watch an agent work, together.
						</li>
					)}
				</Section>
			</div>
			{footer}
		</>
	);
}

/** Replies that wait in followed threads, which no room of the list shows. */
function ThreadCount({ threads }: Pick<SidebarData, "threads">) {
	const unread = threads.reduce((sum, thread) => sum + thread.unread, 0);
	if (unread === 0) return null;
	return <CountBadge count={unread} isQuiet label={`${unread} unread in threads`} />;
}

interface SectionProps {
	title: string;
	action: string;
	onAction: () => void;
	isLoaded: boolean;
	children: ReactNode;
}

function Section({ title, action, onAction, isLoaded, children }: SectionProps) {
	return (
		<section aria-label={title} className="pt-3">
			<div className="flex h-8 items-center justify-between ps-2.5 pe-0.5">
				<h2 className="font-medium text-text-faint text-xs">{title}</h2>
				<IconButton label={action} tip="bottom-end" onClick={onAction}>
					<Plus />
				</IconButton>
			</div>
			{isLoaded ? <ul className="space-y-px">{children}</ul> : <SkeletonItems />}
		</section>
	);
}

function SkeletonItems() {
	return (
		<div role="status" aria-label="Loading" className="space-y-4 px-2.5 py-2.5">
			<Skeleton className="h-2.5 w-3/5" />
			<Skeleton className="h-2.5 w-2/5" />
		</div>
	);
}

function WorkspaceItem({ workspace }: { workspace: SidebarWorkspace }) {
	return (
		<SidebarItem
			href={`/w/${workspace.id}`}
			icon={<AgentDot state={workspace.state} />}
			name={workspace.name}
			isStrong={workspace.needsYou}
		>
			{workspace.needsYou && <Badge tone="attention">Needs you</Badge>}
		</SidebarItem>
	);
}
