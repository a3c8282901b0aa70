import { notOpenToYou } from "@bullpen/domain/authorization";
import { Problem } from "@bullpen/domain/problem";
import type { BeginImportInput, FinishImportInput } from "@bullpen/domain/room-archive";
import { cleanRoomName, cleanTopic, nameKey } from "@bullpen/domain/room-name";
import type { ActionOutput } from "@bullpen/domain/wire";
import type { z } from "zod";
import { isAbsent, passingOn } from "../peer-refusal.ts";
import type { Catalogue, DirectoryDraft } from "./catalogue.ts";
import { randomId } from "./names.ts";
import { writeAct } from "./people.ts";
import { claim, finishRoom } from "./rooms.ts";

/**
 * A room that takes in an archive and that nobody sees. Its name stays free until it is finished.
 * @throws Problem `text_*` `name_taken` `busy`
 */
export async function beginImport(
	catalogue: Catalogue,
	{ name, floorSeq, headSeq, version }: z.output<typeof BeginImportInput>,
): Promise<ActionOutput<"directory", "beginImport">> {
	const key = nameKey(cleanRoomName(name, catalogue.limits));
	await catalogue.writer.write((draft) => refuseTaken(catalogue, key, draft));
	const roomId = randomId("r-");
	await passingOn(catalogue.peers.create("chatRoom", roomId, "rooms").stageImport({ floorSeq, headSeq, version }));
	return { roomId };
}

/**
 * Lists it, with everything that it took in, or not at all. Twice is once.
 * @throws Problem `text_*` `name_taken` `rate_limited` `busy` · `not_found` when it ended · `bad_input` when its messages are not those of the archive
 */
export async function finishImport(
	catalogue: Catalogue,
	input: z.output<typeof FinishImportInput>,
): Promise<ActionOutput<"directory", "finishImport">> {
	const { roomId, userId, visibility } = input;
	const name = cleanRoomName(input.name, catalogue.limits);
	const topic = cleanTopic(input.topic, catalogue.limits);
	if (catalogue.room(roomId)?.isReady) return { roomId, name, created: false };
	const staged = catalogue.peers.get("chatRoom", roomId).getStaged();
	const { seq, hash } = await passingOn(staged).catch((error: unknown) => {
		throw isAbsent(error) ? notOpenToYou() : error; // it ended, because nobody finished it
	});
	if (seq !== input.headSeq || hash !== input.hash) {
		throw new Problem("bad_input", "The room's messages are not those of the archive.", { hash, seq });
	}
	const wish = { roomId, nameKey: nameKey(name), name, topic, visibility, createdBy: userId };
	const { record } = await claim(catalogue, wish);
	if (record.roomId !== roomId) throw taken();
	await finishRoom(catalogue, record, [{ userId, role: "owner" }]);
	await writeAct(catalogue, { type: "room-imported", by: userId, roomId, name });
	return { roomId, name, created: true };
}

function refuseTaken(catalogue: Catalogue, key: string, draft: DirectoryDraft): void {
	if (catalogue.roomNamed(key, draft) !== undefined) throw taken();
}

const taken = (): Problem => new Problem("name_taken", "Another room has this name: please pick another.");
