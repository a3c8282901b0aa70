import { Hash } from "lucide-react";
import { AvatarStack } from "../../ui/avatar.tsx";
import { Blank } from "../../ui/blank.tsx";
import { Button } from "../../ui/button.tsx";
import type { OpenRoom } from "./room-data.ts";

/** Instead of the messages, for somebody who looks into a public room without being in it. */
export function Visitor({ room, onJoin }: { room: OpenRoom; onJoin: () => void }) {
	const { name, topic, members, canJoin, isJoining } = room;
	return (
		<Blank
			icon={<Hash />}
			isPage={false}
			title={name}
			actions={
				canJoin && (
					<Button variant="primary" isBusy={isJoining} onClick={onJoin}>
						Join room
					</Button>
				)
			}
		>
			{topic && <p className="pb-3">{topic}</p>}
			<div className="flex items-center justify-center gap-2 pb-1">
				<AvatarStack people={members} max={5} />
				<span>{countOf(members.length)}</span>
			</div>
			<p>{wordsFor(room)}</p>
		</Blank>
	);
}

function wordsFor({ canJoin, visibility, governance }: OpenRoom): string {
	if (governance.isArchived) return "It is archived: nobody joins it any more.";
	if (!canJoin) return "Someone who is in it can invite you.";
	return visibility === "public" ? "Join to read what was said and take part." : "You are invited: join to take part.";
}

function countOf(members: number): string {
	if (members === 0) return "Nobody is in this room yet";
	return members === 1 ? "One person is in this room" : `${members} people are in this room`;
}
