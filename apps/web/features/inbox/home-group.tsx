"use client";
import { Bot, Hash, Lock, MessageCircle, MessagesSquare } from "lucide-react";
import type { ReactNode } from "react";
import type { PersonOf } from "../../live/person.ts";
import { Badge, CountBadge } from "../../ui/badge.tsx";
import { Button, ButtonLink } from "../../ui/button.tsx";
import { cx } from "../../ui/cx.ts";
import { Link } from "../../ui/link.tsx";
import type { HomeItem } from "./home-items.ts";
import { RoomDigest } from "./home-room.tsx";
import { ThreadDigest } from "./home-thread.tsx";

interface HomeGroupProps {
	title: string;
	items: readonly HomeItem[];
	isOpen: (item: HomeItem) => boolean;
	onRead: (item: HomeItem) => void;
	personOf: PersonOf;
}

/** Things that wait, of one kind. */
export function HomeGroup({ title, items, isOpen, onRead, personOf }: HomeGroupProps) {
	if (items.length === 0) return null;
	return (
		<section aria-label={title} className="pt-2 pb-3">
			<h2 className="px-1 pb-2 font-medium text-sm text-text-muted">{title}</h2>
			<div className="space-y-2">
				{items.map((item) => (
					<article
						key={item.key}
						data-item={item.key}
						// biome-ignore lint/a11y/noNoninteractiveTabindex: the keys of the list go from one to the next.
						tabIndex={0}
						aria-label={nameOf(item)}
						className={cx(
							"overflow-hidden rounded-lg border border-line bg-raised outline-none",
							"focus-visible:border-accent focus-visible:ring-3 focus-visible:ring-accent-soft",
						)}
					>
						<ItemHead item={item} onRead={onRead} />
						{item.type === "room" && isOpen(item) && <RoomDigest room={item.room} personOf={personOf} />}
						{item.type === "thread" && isOpen(item) && (
							<ThreadDigest thread={item.thread} href={item.href} personOf={personOf} />
						)}
					</article>
				))}
			</div>
		</section>
	);
}

const ICONS = { public: <Hash />, private: <Lock />, direct: <MessageCircle /> } as const;

function nameOf(item: HomeItem): string {
	if (item.type === "workspace") return item.workspace.name;
	return item.type === "room" ? item.room.name : `Thread in ${item.thread.room.name}`;
}

function iconOf(item: HomeItem): ReactNode {
	if (item.type === "workspace") return <Bot />;
	return item.type === "room" ? ICONS[item.room.visibility] : <MessagesSquare />;
}

function ItemHead({ item, onRead }: { item: HomeItem; onRead: (item: HomeItem) => void }) {
	return (
		<div className="flex h-11 items-center gap-2.5 ps-4 pe-2 [&_svg]:size-4">
			<span className="shrink-0 text-text-faint" aria-hidden="true">
				{iconOf(item)}
			</span>
			<Link href={item.href} className="min-w-0 truncate rounded-xs font-semibold hover:underline">
				{nameOf(item)}
			</Link>
			<Waiting item={item} />
			<span className="flex-1" />
			{item.type === "workspace" ? (
				<ButtonLink size="sm" variant="attention" href={item.href}>
					Answer
				</ButtonLink>
			) : (
				<Button size="sm" variant="ghost" onClick={() => onRead(item)}>
					Mark as read
				</Button>
			)}
		</div>
	);
}

function Waiting({ item }: { item: HomeItem }) {
	if (item.type === "workspace") return <Badge tone="attention">Needs you</Badge>;
	const { unread } = item.type === "room" ? item.room : item.thread;
	const calls = item.type === "room" ? item.room.calls : 0;
	return <CountBadge count={calls || unread} isQuiet={calls === 0} label={`${unread} unread`} />;
}
