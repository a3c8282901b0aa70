"use client";
import { MessageLine } from "../../live/message-line.tsx";
import type { PersonOf } from "../../live/person.ts";
import { cx } from "../../ui/cx.ts";
import { Link } from "../../ui/link.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { clockOf, dayLabelOf, dayOf } from "../../ui/time.ts";
import type { SidebarRoom } from "./sidebar-data.ts";
import { useDigest } from "./use-digest.ts";

/** What was said in a room since its reader left, every line a way to its message. */
export function RoomDigest({ room, personOf }: { room: SidebarRoom; personOf: PersonOf }) {
	const { lines, more, hasFailed } = useDigest(room);
	if (hasFailed) return <p className="px-4 pb-3 text-sm text-text-faint">This room cannot be read right now.</p>;
	if (lines === null) {
		return (
			<div role="status" aria-label={`Reading ${room.name}`} className="space-y-3 px-4 pt-1 pb-4">
				<Skeleton className="h-2.5 w-4/5" />
				<Skeleton className="h-2.5 w-3/5" />
			</div>
		);
	}
	return (
		<ul className="pb-2">
			{lines.map(({ message, isCall }) => (
				<li key={message.id}>
					<Link
						href={`/r/${room.id}?m=${message.id}`}
						className={cx(
							"flex items-baseline gap-2 px-4 py-1 text-sm hover:bg-hover pointer-coarse:py-2",
							isCall && "shadow-[inset_2px_0_0_var(--color-attention)]",
						)}
					>
						<span className="max-w-32 shrink-0 truncate font-medium">{personOf(message.sender).name}</span>
						<span className="min-w-0 flex-1 truncate text-text-muted">
							<MessageLine message={message} personOf={personOf} />
						</span>
						<time
							dateTime={new Date(message.timestamp).toISOString()}
							className="shrink-0 text-text-faint text-xs tabular-nums"
						>
							{whenOf(message.timestamp)}
						</time>
					</Link>
				</li>
			))}
			{more > 0 && (
				<li>
					<Link
						href={`/r/${room.id}`}
						className="block px-4 py-1 text-sm text-text-faint hover:bg-hover hover:text-text"
					>
						{more} more…
					</Link>
				</li>
			)}
		</ul>
	);
}

function whenOf(at: number): string {
	const now = Date.now();
	return dayOf(at) === dayOf(now) ? clockOf(at) : dayLabelOf(at, now);
}
