"use client";
import { CheckCheck, House, Sunrise } from "lucide-react";
import { useRouter } from "next/navigation";
import { type KeyboardEvent, useRef, useState } from "react";
import { useLive } from "../../live/live.tsx";
import type { PersonOf } from "../../live/person.ts";
import { usePeople } from "../../live/use-people.ts";
import { useTitle } from "../../live/use-title.ts";
import { Blank } from "../../ui/blank.tsx";
import { Button, ButtonLink } from "../../ui/button.tsx";
import { Kbd } from "../../ui/kbd.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { SkeletonRows } from "../../ui/skeleton.tsx";
import { notify } from "../../ui/toast.tsx";
import { HomeGroup } from "./home-group.tsx";
import { type HomeItem, homeOf } from "./home-items.ts";
import type { RoomChoices } from "./sidebar-data.ts";
import { useRoomChoices } from "./use-room-choices.ts";
import { useSidebarData } from "./use-sidebar.ts";

/** More are opened by going to them. */
const OPEN_AT_FIRST = 4;

/** What needs us, and what was said since we left: read, sorted and left by keys alone. */
export function HomeScreen() {
	const data = useSidebarData();
	const { inbox } = useLive();
	const personOf = usePeople(NOBODY);
	const choices = useRoomChoices();
	useTitle("Home");
	const home = homeOf(data);
	const isDone = home.forMe.length + home.threads.length + home.unread.length === 0;
	const readAll = () =>
		void inbox.markAllRead().then(
			() => notify("Everything is marked as read"),
			() => notify("That did not work. Try again.", "error"),
		);
	return (
		<>
			<PageHeader icon={<House />} title="Home">
				{!isDone && (
					<Button size="sm" onClick={readAll}>
						<CheckCheck className="size-3.5" aria-hidden="true" />
						Mark all as read
					</Button>
				)}
			</PageHeader>
			<div className="flex min-h-0 flex-1 flex-col overflow-y-auto">
				{!data.isLoaded ? (
					<div className="mx-auto w-full max-w-180 px-4 pt-6">
						<SkeletonRows label="Loading what is new" count={4} />
					</div>
				) : isDone ? (
					<Blank
						icon={<Sunrise />}
						title="You are all caught up"
						isPage={false}
						actions={home.recent.slice(0, 3).map((room) => (
							<ButtonLink key={room.id} href={`/r/${room.id}`}>
								{room.visibility === "direct" ? "" : "#"}
								{room.name}
							</ButtonLink>
						))}
					>
						Mentions, direct messages, agents that need an answer and everything unread will be here.
					</Blank>
				) : (
					<Triage home={home} choices={choices} personOf={personOf} />
				)}
			</div>
		</>
	);
}

interface TriageProps {
	home: ReturnType<typeof homeOf>;
	choices: RoomChoices;
	personOf: PersonOf;
}

function Triage({ home, choices, personOf }: TriageProps) {
	const items = [...home.forMe, ...home.threads, ...home.unread];
	const list = useRef<HTMLDivElement>(null);
	const router = useRouter();
	const [opened, setOpened] = useState<ReadonlySet<string>>(() => new Set());
	const isOpen = (item: HomeItem) => items.indexOf(item) < OPEN_AT_FIRST || opened.has(item.key);
	const onRead = (item: HomeItem) => {
		if (item.type === "room") choices.markRead(item.room);
		else if (item.type === "thread") choices.markThreadRead(item.thread);
	};
	const go = (index: number) => {
		const item = items[Math.max(0, Math.min(items.length - 1, index))];
		if (!item) return;
		setOpened((before) => new Set([...before, item.key]));
		list.current?.querySelector<HTMLElement>(`[data-item="${CSS.escape(item.key)}"]`)?.focus();
	};
	const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
		if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
		const key =
			event.target instanceof Element ? event.target.closest<HTMLElement>("[data-item]")?.dataset.item : undefined;
		const at = items.findIndex((item) => item.key === key);
		const item = items[at];
		if (event.key === "j" || event.key === "ArrowDown") go(at + 1);
		else if (event.key === "k" || event.key === "ArrowUp") go(at < 0 ? 0 : at - 1);
		else if (event.key === "e" && item && item.type !== "workspace") {
			onRead(item);
			go(at + 1 < items.length ? at + 1 : at - 1);
		} else if (event.key === "Enter" && item && event.target instanceof Element && event.target.matches("[data-item]"))
			router.push(item.href);
		else return;
		event.preventDefault();
	};
	return (
		// biome-ignore lint/a11y/noStaticElementInteractions: it hears the keys of the items in it.
		<div ref={list} onKeyDown={onKeyDown} className="mx-auto w-full max-w-180 px-3 pt-4 pb-16 md:px-6">
			<HomeGroup title="For you" items={home.forMe} {...{ isOpen, onRead, personOf }} />
			<HomeGroup title="Threads" items={home.threads} {...{ isOpen, onRead, personOf }} />
			<HomeGroup title="Since you left" items={home.unread} {...{ isOpen, onRead, personOf }} />
			<p className="hidden items-center gap-4 pt-6 text-text-faint text-xs pointer-fine:flex">
				<span className="flex items-center gap-1.5">
					<Kbd>J</Kbd> <Kbd>K</Kbd> next, previous
				</span>
				<span className="flex items-center gap-1.5">
					<Kbd>E</Kbd> mark as read
				</span>
				<span className="flex items-center gap-1.5">
					<Kbd>Enter</Kbd> open
				</span>
			</p>
		</div>
	);
}

const NOBODY: ReadonlySet<string> = new Set();
