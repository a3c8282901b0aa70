import { setTimeout as sleep } from "node:timers/promises";

/** What a closing handshake may take before a test goes on without it. */
const PATIENCE_MS = 5_000;

/**
 * Ends a test's own connections. A stock client that is refused while it connects again gets no answer to its close
 * frame from the engine and waits for one until its socket gives up, after 30 s: nothing of it is heard by then.
 */
export async function disposeAll(connections: readonly { dispose(): Promise<void> }[]): Promise<void> {
	const waiting = new AbortController();
	const ended = Promise.all(connections.map((connection) => connection.dispose()));
	const patience = sleep(PATIENCE_MS, undefined, { signal: waiting.signal }).catch(() => undefined); // aborted below
	await Promise.race([ended, patience]).finally(() => waiting.abort());
}
