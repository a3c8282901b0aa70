import { setTimeout as sleep } from "node:timers/promises";

const ASLEEP_MS_MAX = 20_000;
const PAGE = 100;

interface Engine {
	readonly url: string;
	readonly token: string;
}
interface Listing {
	readonly actors: readonly { readonly actor_id: string; readonly sleep_ts?: number | null }[];
	readonly pagination?: { readonly cursor?: string | null };
}

/** Puts an actor to sleep by the engine's own API and waits until it sleeps; nothing happens to one that does. */
export async function putToSleep(
	engine: Engine,
	room: string,
	waitMs = ASLEEP_MS_MAX,
	name: "chatRoom" | "userInbox" = "chatRoom",
): Promise<void> {
	const find = async (): Promise<Listing["actors"][number]> => {
		const [actor] = (await list(engine, { name, key: room })).actors;
		if (!actor) throw new Error(`the engine knows no ${name} ${room}`);
		return actor;
	};
	const { actor_id, sleep_ts } = await find();
	if (sleep_ts) return;
	await ask(engine, `/actors/${actor_id}/sleep?namespace=default`, "POST");
	for (let waitedMs = 0; !(await find()).sleep_ts; waitedMs += 50) {
		if (waitedMs > waitMs) throw new Error(`${name} ${room} does not fall asleep`);
		await sleep(50);
	}
}

/** How many rooms are awake, or about to be. */
export async function roomsAwake(engine: Engine): Promise<number> {
	let awake = 0;
	let cursor: string | null | undefined;
	do {
		const asked = { name: "chatRoom", limit: `${PAGE}`, ...(cursor && { cursor }) };
		const { actors, pagination } = await list(engine, asked);
		awake += actors.filter(({ sleep_ts }) => !sleep_ts).length;
		cursor = actors.length < PAGE ? null : pagination?.cursor;
	} while (cursor);
	return awake;
}

async function list(engine: Engine, asked: Readonly<Record<string, string>>): Promise<Listing> {
	const answer = await ask(engine, `/actors?${new URLSearchParams({ namespace: "default", ...asked })}`, "GET");
	if (!isListing(answer)) throw new Error("the engine lists no actors");
	return answer;
}

async function ask({ url, token }: Engine, path: string, method: "GET" | "POST"): Promise<unknown> {
	const response = await fetch(`${url}${path}`, {
		method,
		headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
		...(method === "POST" && { body: "{}" }),
	});
	if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
	return await response.json();
}

const isListing = (answer: unknown): answer is Listing =>
	typeof answer === "object" && answer !== null && "actors" in answer && Array.isArray(answer.actors);
