"use client";
import {
	Box,
	Files,
	GitCompareArrows,
	ListChecks,
	ListOrdered,
	MessagesSquare,
	SquareTerminal,
	Users,
} from "lucide-react";
import { fetched } from "../../../ui/fetched.tsx";
import { Spinner } from "../../../ui/spinner.tsx";
import { PeopleTab } from "./people-tab.tsx";
import { PlanTab } from "./plan-tab.tsx";
import { QueueTab } from "./queue-tab.tsx";
import type { SideTab } from "./side-tab.ts";

const ChatTab = fetched(() => import("./chat-tab.tsx"), <LoadingTab label="Chat" />);
const FilesTab = fetched(() => import("../files/files-tab.tsx"), <LoadingTab label="Files" />);
const TerminalTab = fetched(() => import("../terminal/terminal-tab.tsx"), <LoadingTab label="Terminal" />);
const SandboxTab = fetched(() => import("../sandbox/sandbox-tab.tsx"), <LoadingTab label="Sandbox" />);
const ChangesTab = fetched(() => import("../changes/changes-tab.tsx"), <LoadingTab label="Changes" />);

/** Everything there is beside a transcript, in the order of its buttons. The contract: `SideTab`. */
export const SIDE_TABS: readonly SideTab[] = [
	{ id: "plan", label: "Plan", icon: <ListChecks />, width: "narrow", code: "KeyP", Content: PlanTab },
	{
		id: "queue",
		label: "Queue",
		icon: <ListOrdered />,
		width: "narrow",
		code: "KeyQ",
		countOf: ({ queue, outgoing }) => queue.length + outgoing.length,
		Content: QueueTab,
	},
	{
		id: "chat",
		label: "Chat",
		icon: <MessagesSquare />,
		width: "narrow",
		code: "KeyC",
		isInHeader: true,
		countOf: ({ unreadChat }) => unreadChat,
		Content: ChatTab,
	},
	{
		id: "people",
		label: "People",
		icon: <Users />,
		width: "narrow",
		code: "KeyU",
		countOf: ({ people }) => people.length,
		Content: PeopleTab,
	},
	{ id: "files", label: "Files", icon: <Files />, width: "wide", code: "KeyF", isInHeader: true, Content: FilesTab },
	{
		id: "changes",
		label: "Changes",
		icon: <GitCompareArrows />,
		width: "wide",
		code: "KeyG",
		isInHeader: true,
		Content: ChangesTab,
	},
	{
		id: "terminal",
		label: "Terminal",
		icon: <SquareTerminal />,
		width: "wide",
		code: "KeyT",
		isInHeader: true,
		Content: TerminalTab,
	},
	{
		id: "sandbox",
		label: "Sandbox",
		icon: <Box />,
		width: "narrow",
		code: "KeyS",
		countOf: ({ session }) => session.refusedHosts?.length ?? 0,
		Content: SandboxTab,
	},
];

/** The tab of an id that was remembered, or the first. */
export function sideTab(id: string): SideTab {
	const [first] = SIDE_TABS;
	const found = SIDE_TABS.find((tab) => tab.id === id) ?? first;
	if (found === undefined) throw new Error("There are no tabs.");
	return found;
}

function LoadingTab({ label }: { label: string }) {
	return (
		<p role="status" className="p-4 text-text-faint">
			<Spinner />
			<span className="sr-only">Loading: {label}</span>
		</p>
	);
}
