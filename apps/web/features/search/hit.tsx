import type { InboxRoomRow } from "@bullpen/domain/inbox";
import type { SearchHit } from "@bullpen/domain/search";
import { Paperclip } from "lucide-react";
import type { PersonOf } from "../../live/person.ts";
import { roomLabel } from "../../live/room-name.ts";
import { Avatar } from "../../ui/avatar.tsx";
import { Link } from "../../ui/link.tsx";
import { clockOf, dayLabelOf, dayOf, fullTimeOf } from "../../ui/time.ts";
import { markedPieces } from "./marked.ts";

interface HitProps {
	hit: SearchHit;
	/** As our inbox has it: it knows whose a direct room is. */
	room: InboxRoomRow | undefined;
	me: string;
	personOf: PersonOf;
}

/** A found message: who said it, where and when, and the words around what was looked for. A way to its place. */
export function Hit({ hit, room, me, personOf }: HitProps) {
	const author = personOf(hit.sender);
	const label = roomLabel(room ?? { name: hit.roomName, visibility: "public" }, me, personOf);
	return (
		<li className="[contain-intrinsic-size:auto_4.5rem] [content-visibility:auto]">
			<Link
				data-hit=""
				prefetch={false}
				href={`/r/${hit.roomId}?m=${hit.id}`}
				className="flex gap-3 rounded-md px-3 py-2.5 -outline-offset-2 transition-colors hover:bg-hover focus-visible:bg-selected"
			>
				<Avatar id={author.id} name={author.name} className="mt-0.5" />
				<span className="min-w-0 flex-1">
					<span className="flex items-baseline gap-2">
						<span className="truncate font-semibold">{author.name}</span>
						<span className="min-w-0 truncate text-sm text-text-muted">
							{hit.threadOf === undefined ? "" : "in a thread · "}
							{label}
						</span>
						{hit.files !== undefined && <Files count={hit.files} />}
						<time
							dateTime={new Date(hit.timestamp).toISOString()}
							title={fullTimeOf(hit.timestamp)}
							className="ms-auto shrink-0 text-text-faint text-xs tabular-nums"
						>
							{whenOf(hit.timestamp)}
						</time>
					</span>
					<span className="line-clamp-3 break-words text-text-muted">
						{markedPieces(hit, (id) => personOf(id).name).map(({ at, text, isMarked }) =>
							isMarked ? (
								<mark key={at} className="rounded-xs bg-attention-soft text-attention-text">
									{text}
								</mark>
							) : (
								text
							),
						)}
					</span>
				</span>
			</Link>
		</li>
	);
}

function Files({ count }: { count: number }) {
	return (
		<span className="flex shrink-0 items-center gap-1 self-center text-text-faint text-xs tabular-nums">
			<Paperclip className="size-3.5" aria-hidden="true" />
			{count}
			<span className="sr-only">{count === 1 ? "file" : "files"}</span>
		</span>
	);
}

function whenOf(at: number): string {
	const now = Date.now();
	return dayOf(at) === dayOf(now) ? clockOf(at) : `${dayLabelOf(at, now)}, ${clockOf(at)}`;
}
