import { Problem } from "@bullpen/domain/problem";
import type { RoomSnapshot } from "@bullpen/domain/room-view";
import type { ReadSnapshot } from "./feed-runner.ts";
import type { Line } from "./line.ts";
import { ConnectionLost } from "./refusal.ts";

/** A room and its newest messages, read side by side, as of the older of the two. @throws Problem, ConnectionLost */
export async function readRoom(line: Line<"chatRoom">, messages: number): Promise<ReadSnapshot<RoomSnapshot>> {
	const [view, history] = await Promise.all([
		line.call("getRoom"),
		line.call("getHistory", { limit: messages }).catch(nullForVisitors),
	]);
	const heads = [view.head, ...(history ? [history.head] : [])];
	const versions = heads.map(({ version }) => version);
	const { epoch } = view.head;
	if (heads.some((head) => head.epoch !== epoch)) throw new ConnectionLost("The room was restored meanwhile.");
	return { version: Math.min(...versions), seen: Math.max(...versions), epoch, snapshot: { view, history } };
}

/** A visitor of a public room sees the room, not its history. */
const nullForVisitors = (error: unknown): null => {
	if (error instanceof Problem && (error.code === "not_member" || error.code === "forbidden")) return null;
	throw error;
};
