import type { InboxShown } from "@bullpen/client/inbox-store";

/** What stands on somebody's screen: of which place, and of which message where it is a room. */
interface Told {
	readonly place: string;
	readonly seq: number;
}

/**
 * Whether a notification has nothing left to say: its message was read, on whatever device, its agent does not wait any more,
 * or its place is not theirs any more. `lookedAt` is the page that somebody looks at.
 */
export function isSettled(
	{ place, seq }: Told,
	{ rooms, workspaces }: Pick<InboxShown, "rooms" | "workspaces">,
	lookedAt: string | null,
): boolean {
	const [, kind, id] = place.split("/");
	if (kind === "r") return (rooms.find((room) => room.id === id)?.readSeq ?? Number.POSITIVE_INFINITY) >= seq;
	if (kind !== "w") return false;
	const workspace = workspaces.find((one) => one.id === id);
	if (workspace === undefined || lookedAt === place) return true;
	return !workspace.needsYou && workspace.state !== "idle";
}
