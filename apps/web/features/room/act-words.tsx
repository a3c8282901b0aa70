import type { RoomAct } from "@bullpen/domain/audit";
import type { ReactNode } from "react";
import type { PersonOf } from "../../live/person.ts";

const ROLES = { owner: "an owner", admin: "an admin", member: "a member", guest: "a guest" } as const;

/** What those who run a room did, in a sentence. */
export function actWords(act: RoomAct, personOf: PersonOf): ReactNode {
	const name = (id: string) => <strong className="font-medium">{personOf(id).name}</strong>;
	switch (act.type) {
		case "member-invited":
			return (
				<>
					{name(act.by)} invited {name(act.userId)} as {ROLES[act.role]}
				</>
			);
		case "role-changed":
			return (
				<>
					{name(act.by)} made {name(act.userId)} {ROLES[act.to]}
				</>
			);
		case "member-kicked":
			return (
				<>
					{name(act.by)} removed {name(act.userId)}
				</>
			);
		case "member-banned":
			return (
				<>
					{name(act.by)} banned {name(act.userId)}
				</>
			);
		case "member-unbanned":
			return (
				<>
					{name(act.by)} lifted the ban of {name(act.userId)}
				</>
			);
		case "ownership-passed":
			return act.by === undefined ? (
				<>The room passed to {name(act.userId)}, since its owner had gone</>
			) : (
				<>
					{name(act.by)} passed the room on to {name(act.userId)}
				</>
			);
		case "link-created":
			return <>{name(act.by)} made an invitation link</>;
		case "link-used":
			return <>{name(act.by)} came by an invitation link</>;
		case "link-revoked":
			return <>{name(act.by)} withdrew an invitation link</>;
		case "room-renamed":
			return (
				<>
					{act.by === undefined ? "The server" : name(act.by)} renamed #{act.from} to #{act.to}
				</>
			);
		case "topic-changed":
			return act.to === "" ? (
				<>{name(act.by)} removed the topic</>
			) : (
				<>
					{name(act.by)} set the topic: {act.to}
				</>
			);
		case "retention-changed":
			return (
				<>
					{name(act.by)} lets the room keep {act.to.toLocaleString()} messages, {act.from.toLocaleString()} before
				</>
			);
		case "hook-created":
			return (
				<>
					{name(act.by)} made the {act.direction} webhook “{act.name}”
				</>
			);
		case "hook-started":
			return (
				<>
					{name(act.by)} started the webhook “{act.name}” again
				</>
			);
		case "hook-stopped":
			return act.by === undefined ? (
				<>The webhook “{act.name}” stopped by itself: nothing got through</>
			) : (
				<>
					{name(act.by)} stopped the webhook “{act.name}”
				</>
			);
		case "hook-removed":
			return (
				<>
					{name(act.by)} removed the webhook “{act.name}”
				</>
			);
		case "room-archived":
			return <>{name(act.by)} archived the room</>;
		case "room-restored":
			return <>{name(act.by)} restored the room</>;
		case "room-exported":
			return <>{name(act.by)} exported the room</>;
	}
}
