import { setTimeout as sleep } from "node:timers/promises";

/** An actor that exists as soon as the actor processes are ready. */
export type KnownActor = { readonly actor: string; readonly key: string };

const PAUSE_MS = 50;

/**
 * One real round trip: through the engine into the actor and back. No token is needed, for being refused by the actor is
 * an answer, too; errors of the engine and of the way there are not.
 */
export async function actorAnswers(url: string, { actor, key }: KnownActor, waitMs: number): Promise<boolean> {
	const query = new URLSearchParams({ "rvt-namespace": "default", "rvt-method": "get", "rvt-key": key });
	try {
		const response = await fetch(`${url}/gateway/${actor}/action/list?${query}`, {
			method: "POST",
			headers: { "content-type": "application/json", "x-rivet-encoding": "json" },
			body: JSON.stringify({ args: [{}] }),
			signal: AbortSignal.timeout(waitMs),
		});
		const body: unknown = await response.json();
		return response.ok || isFromActor(body);
	} catch {
		return false; // not listening, too slow or not JSON: the same to everybody who asks
	}
}

/** Codes are `user/…` when the actor's own code threw; RivetKit inside the actor says which action it does not have. */
function isFromActor(body: unknown): boolean {
	if (typeof body !== "object" || body === null || !("group" in body)) return false;
	return body.group === "user" || ("code" in body && body.code === "action_not_found");
}

/** Whether anything that is not an error of the server comes back. */
export async function pageAnswers(url: string, waitMs: number, headers: Record<string, string> = {}): Promise<boolean> {
	try {
		const response = await fetch(url, { redirect: "manual", headers, signal: AbortSignal.timeout(waitMs) });
		await response.arrayBuffer();
		return response.status < 500;
	} catch {
		return false; // as above
	}
}

/** Asks until it is so. @throws Error naming `what` after `withinMs`, or as soon as `isPointless` says so. */
export async function until(
	what: string,
	withinMs: number,
	ask: () => Promise<boolean>,
	isPointless: () => boolean = () => false,
): Promise<void> {
	const deadline = performance.now() + withinMs;
	while (!(await ask())) {
		if (isPointless()) throw new Error(`${what} cannot be reached any more`);
		if (performance.now() > deadline) throw new Error(`${what} did not answer within ${withinMs / 1_000} s`);
		await sleep(PAUSE_MS);
	}
}
