import { randomUUID } from "node:crypto";
import { Problem } from "@bullpen/domain/problem";
import type { ActionInput } from "@bullpen/domain/wire";
import type { Person } from "../identity.ts";
import { passingOn } from "../peer-refusal.ts";
import type { Room } from "./room.ts";

/**
 * Tells a bot that somebody calls upon it, on its own connections to this room and on nobody else's. It is told or refused:
 * nothing waits for a bot that is away.
 * @throws Problem `not_found` without such a command here · `busy` with `state` "away" while its bot is not connected
 */
export async function runCommand(
	room: Room,
	{ userId }: Person,
	{ botId, ...called }: ActionInput<"chatRoom", "runCommand">,
): Promise<void> {
	const unknown = (): Problem => new Problem("not_found", "There is no such command here.", { name: called.name });
	if (!room.isJoined(botId)) throw unknown();
	const { isActive, commands } = await passingOn(room.peers.get("directory", "main").checkBot({ userId: botId }));
	if (!isActive || !commands.includes(called.name)) throw unknown();
	const isTold = room.audience.sendTo(botId, "commandCalled", { ...called, id: randomUUID(), userId, at: room.now() });
	if (!isTold) throw new Problem("busy", "The bot of this command is not here now.", { state: "away" });
}
