"use client";
import type { Message } from "@bullpen/domain/message";
import { CornerDownRight } from "lucide-react";
import { MessageLine } from "../../live/message-line.tsx";
import type { PersonOf } from "../../live/person.ts";
import { Link } from "../../ui/link.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import type { SidebarThread } from "./sidebar-data.ts";
import { useMessages } from "./use-messages.ts";

interface ThreadDigestProps {
	thread: SidebarThread;
	href: string;
	personOf: PersonOf;
}

/** What a thread began with, and the first of its replies that is unread. */
export function ThreadDigest({ thread, href, personOf }: ThreadDigestProps) {
	const { room, rootId, firstSeq } = thread;
	const { wanted, phase } = useMessages(room.id, [rootId, firstSeq]);
	if (phase.type === "refused") {
		return <p className="px-4 pb-3 text-sm text-text-faint">This room cannot be read right now.</p>;
	}
	if (!wanted.has(rootId) || !wanted.has(firstSeq)) {
		return (
			<div role="status" aria-label={`Reading a thread of ${room.name}`} className="space-y-3 px-4 pt-1 pb-4">
				<Skeleton className="h-2.5 w-4/5" />
				<Skeleton className="h-2.5 w-3/5" />
			</div>
		);
	}
	return (
		<Link href={href} className="block pt-0.5 pb-2.5 text-sm hover:bg-hover">
			<Line message={wanted.get(rootId)} personOf={personOf} />
			<span className="flex items-baseline gap-2 ps-4">
				<CornerDownRight className="size-3.5 shrink-0 self-center text-text-faint" aria-hidden="true" />
				<span className="min-w-0 flex-1">
					<Line message={wanted.get(firstSeq)} personOf={personOf} isReply />
				</span>
			</span>
		</Link>
	);
}

interface LineProps {
	message: Message | null | undefined;
	personOf: PersonOf;
	isReply?: boolean;
}

function Line({ message, personOf, isReply = false }: LineProps) {
	const isThere = message && message.deletedAt === undefined;
	return (
		<span className={isReply ? "flex items-baseline gap-2 py-1 pe-4" : "flex items-baseline gap-2 px-4 py-1"}>
			{isThere && <span className="max-w-32 shrink-0 truncate font-medium">{personOf(message.sender).name}</span>}
			<span className="min-w-0 flex-1 truncate text-text-muted">
				{isThere ? (
					<MessageLine message={message} personOf={personOf} />
				) : (
					"The message this began with is no longer there."
				)}
			</span>
		</span>
	);
}
