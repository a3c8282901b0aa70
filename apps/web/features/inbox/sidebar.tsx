"use client";
import { Hash, Lock, MessageCircle, Plus, Search } from "lucide-react";
import Link from "next/link";
import { usePathname } from "next/navigation";
import type { ReactNode } from "react";
import { AgentDot } from "../../live/agent-dot.tsx";
import { Badge, CountBadge } from "../../ui/badge.tsx";
import { IconButton } from "../../ui/button.tsx";
import { cx } from "../../ui/cx.ts";
import { Wordmark } from "../../ui/logo.tsx";
import { useShell } from "../../ui/shell.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import type { SidebarData, SidebarRoom, SidebarWorkspace } from "./sidebar-data.ts";

interface SidebarProps {
	data: SidebarData;
	footer: ReactNode;
	onOpenRoom: () => void;
	onNewWorkspace: () => void;
}

/** Those that need somebody and those used last come first; the others are a search away. */
const WORKSPACES_SHOWN = 20;

export function Sidebar({ data, footer, onOpenRoom, onNewWorkspace }: SidebarProps) {
	return (
		<>
			<div className="flex h-14 shrink-0 items-center justify-between ps-5 pe-3">
				<Link href="/" aria-label="Bullpen" className="rounded-sm text-base">
					<Wordmark />
				</Link>
				<IconButton label="Search rooms and workspaces" tip="bottom-end" onClick={onOpenRoom}>
					<Search />
				</IconButton>
			</div>
			<div className="min-h-0 flex-1 overflow-y-auto px-2.5 pb-4">
				<Section title="Rooms" action="Open room" onAction={onOpenRoom} isLoaded={data.isLoaded}>
					{data.rooms.map((room) => (
						<RoomItem key={room.id} room={room} />
					))}
				</Section>
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

const ROOM_ICONS = { public: <Hash />, private: <Lock />, direct: <MessageCircle /> } as const;

function RoomItem({ room }: { room: SidebarRoom }) {
	return (
		<Item href={`/r/${room.id}`} icon={ROOM_ICONS[room.visibility]} name={room.name} isStrong={room.unread > 0}>
			{room.unread > 0 && <CountBadge count={room.unread} label={`${room.unread} unread`} />}
		</Item>
	);
}

function WorkspaceItem({ workspace }: { workspace: SidebarWorkspace }) {
	return (
		<Item
			href={`/w/${workspace.id}`}
			icon={<AgentDot state={workspace.state} />}
			name={workspace.name}
			isStrong={workspace.needsYou}
		>
			{workspace.needsYou && <Badge tone="attention">Needs you</Badge>}
		</Item>
	);
}

interface ItemProps {
	href: string;
	icon: ReactNode;
	name: string;
	isStrong: boolean;
	children: ReactNode;
}

function Item({ href, icon, name, isStrong, children }: ItemProps) {
	const isCurrent = usePathname() === href;
	const { closeSidebar } = useShell();
	return (
		<li>
			<Link
				href={href}
				aria-current={isCurrent ? "page" : undefined}
				onClick={closeSidebar}
				className={cx(
					"flex h-8 items-center gap-2.5 rounded-md ps-2.5 pe-2 transition-colors pointer-coarse:h-11 [&_svg]:size-4 [&_svg]:shrink-0",
					isCurrent ? "bg-selected text-text" : "text-text-muted hover:bg-hover hover:text-text",
					isStrong && "font-semibold text-text",
				)}
			>
				<span className="flex w-4 shrink-0 justify-center text-text-faint" aria-hidden="true">
					{icon}
				</span>
				<span className="min-w-0 flex-1 truncate">{name}</span>
				{children}
			</Link>
		</li>
	);
}
