import { setTimeout as sleep } from "node:timers/promises";

const ASLEEP_MS_MAX = 20_000;

/** Puts an actor to sleep by the engine's own API and waits until it sleeps; nothing happens to one that does. */
export async function putToSleep(
	engine: { readonly url: string; readonly token: string },
	room: string,
	waitMs = ASLEEP_MS_MAX,
	name: "chatRoom" | "userInbox" = "chatRoom",
): Promise<void> {
	const ask = async (path: string, method: "GET" | "POST"): Promise<unknown> => {
		const response = await fetch(`${engine.url}${path}`, {
			method,
			headers: { authorization: `Bearer ${engine.token}`, "content-type": "application/json" },
			...(method === "POST" && { body: "{}" }),
		});
		if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
		return await response.json();
	};
	const find = async (): Promise<{ actor_id: string; sleep_ts?: number | null }> => {
		const query = new URLSearchParams({ namespace: "default", name, key: room });
		const answer = await ask(`/actors?${query}`, "GET");
		const actor = isListing(answer) ? answer.actors[0] : undefined;
		if (!actor) throw new Error(`the engine knows no ${name} ${room}`);
		return actor;
	};
	const { actor_id, sleep_ts } = await find();
	if (sleep_ts) return;
	await ask(`/actors/${actor_id}/sleep?namespace=default`, "POST");
	for (let waitedMs = 0; !(await find()).sleep_ts; waitedMs += 50) {
		if (waitedMs > waitMs) throw new Error(`${name} ${room} does not fall asleep`);
		await sleep(50);
	}
}

const isListing = (answer: unknown): answer is { actors: { actor_id: string; sleep_ts?: number | null }[] } =>
	typeof answer === "object" && answer !== null && "actors" in answer && Array.isArray(answer.actors);
