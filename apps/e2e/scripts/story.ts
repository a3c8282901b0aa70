import { type Bullpen, connectBullpen } from "@bullpen/client/bullpen";
import type { RoomStore } from "@bullpen/client/room-store";
import { signInWithName } from "@bullpen/client/sign-in";
import { until } from "@bullpen/client/until";

const WAIT_MS = 30_000;
const soon = (): AbortSignal => AbortSignal.timeout(WAIT_MS);

/** What a small team said on one morning, so that pictures show a place where somebody works. */
export const LINES: readonly {
	readonly who: string;
	readonly text: string;
	readonly reactions?: readonly [string, ...string[]][];
}[] = [
	{
		who: "Priya Raman",
		text: "Morning! The import job from last night finished: **214,882** rows, 0 rejected.",
		reactions: [["🎉", "Tom Okafor", "Maya Lindqvist"]],
	},
	{ who: "Tom Okafor", text: "Nice. Then I turn the old importer off today." },
	{
		who: "Tom Okafor",
		text: 'One thing I noticed while reading along: we round twice. This keeps the cents:\n\n```ts\nexport const toCents = (amount: string): number => {\n\tconst [whole = "0", part = ""] = amount.split(".");\n\treturn Number(whole) * 100 + Number(part.padEnd(2, "0").slice(0, 2));\n};\n```',
	},
	{
		who: "Maya Lindqvist",
		text: "Good catch. Negative amounts would go wrong there, though: `-0.50` becomes `50`.",
		reactions: [
			["👀", "Tom Okafor"],
			["💯", "Jonas Weber", "Priya Raman"],
		],
	},
	{ who: "Tom Okafor", text: "Right. I let the agent write the test first, come and watch." },
	{
		who: "Jonas Weber",
		text: "Joining. Two things to check while it runs:\n\n1. thousands separators, `1,204.10`\n2. what the bank calls `CR` and `DR`",
	},
	{ who: "Priya Raman", text: "I have real files for both, I put them next to the tests." },
];

export const ROOMS = ["launch", "design", "incidents"] as const;
export const WORKSPACE = "importer: keep the cents";

/** Everybody of the story, signed in, and the rooms filled. */
export async function tell(url: string): Promise<Map<string, Bullpen>> {
	const people = new Map<string, Bullpen>();
	for (const who of new Set(LINES.map((line) => line.who))) {
		people.set(who, await connectBullpen({ url, fetch: await signInWithName(url, who) }));
	}
	const rooms = new Map<string, RoomStore>();
	for (const [who, bullpen] of people) rooms.set(who, await join(bullpen, "general"));
	for (const line of LINES) {
		const seq = await say(roomOf(rooms, line.who), line.text);
		for (const [emoji, ...fans] of line.reactions ?? []) {
			for (const fan of fans) await roomOf(rooms, fan).toggleReaction(seq, emoji);
		}
	}
	for (const [index, name] of ROOMS.entries()) {
		for (const bullpen of people.values()) {
			const room = await join(bullpen, name);
			if (index === 0 && bullpen.me.name === "Jonas Weber") await say(room, "The checklist is pinned in the wiki.");
		}
	}
	return people;
}

async function join(bullpen: Bullpen, name: string): Promise<RoomStore> {
	const room = await bullpen.openRoom({ name });
	await room.loaded(soon());
	if (room.store.getSnapshot().me?.status !== "joined") await room.store.join();
	return room.store;
}

async function say(room: RoomStore, text: string): Promise<number> {
	const nonce = room.send({ text });
	return await until(room, ({ messages }) => messages.find((each) => each.nonce === nonce)?.id, soon());
}

function roomOf(rooms: ReadonlyMap<string, RoomStore>, who: string): RoomStore {
	const room = rooms.get(who);
	if (!room) throw new Error(`${who} is not in the story`);
	return room;
}
