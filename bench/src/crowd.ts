import { tellInboxes } from "./inboxes.ts";
import { naiveHall } from "./naive/seat.ts";
import { oursHall } from "./ours/seat.ts";
import { socketIoHall } from "./peers/socket-io-seat.ts";
import { wsHall } from "./peers/ws-seat.ts";
import { catchUp, joinRoom, openCold, readPages } from "./reading.ts";
import type { Hall } from "./seat.ts";
import type { Place } from "./stand.ts";
import { broadcast, manyRooms, talk } from "./talking.ts";
import { NOTHING } from "./tally.ts";
import type { Measured, Task } from "./task.ts";
import { Watch } from "./watch.ts";

const TEXT = "x".repeat(80);

/** Does the work and checks every count exactly. @throws Error when a count is wrong. */
export async function doTask(task: Task): Promise<Measured> {
	const hall = hallOf(task.place);
	try {
		return await doWork(hall, task);
	} finally {
		await hall.close();
	}
}

function hallOf(place: Place): Hall {
	switch (place.kind) {
		case "naive":
			return naiveHall(place.endpoint);
		case "ours":
			return oursHall(place);
		case "ws-sqlite":
			return wsHall(place.endpoint);
		case "socket.io":
			return socketIoHall(place.endpoint);
	}
}

async function doWork(hall: Hall, { rooms, work, processes }: Task): Promise<Measured> {
	const room = rooms[0] ?? "";
	switch (work.type) {
		case "together":
			return await talk(hall, room, work, processes);
		case "audience":
			return await broadcast(hall, room, work, processes);
		case "rooms":
			return await manyRooms(hall, rooms, work, processes);
		case "pages":
			return await readPages(hall, room, work, processes);
		case "open":
			return await openCold(hall, room, work, processes);
		case "catch-up":
			return await catchUp(hall, room, work, processes);
		case "join":
			return await joinRoom(hall, room, work, processes);
		case "unread":
			return await tellInboxes(hall, room, work, processes);
		case "fill": {
			const watch = new Watch(processes);
			await hall.fill(room, work.messages, TEXT);
			return { ...NOTHING, ...watch.read() };
		}
	}
}
