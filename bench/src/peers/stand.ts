import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startChild } from "@bullpen/engine/child";
import { freePorts } from "@bullpen/engine/port";
import type { Stand } from "../stand.ts";
import { within } from "../within.ts";

const READY_MS = 10_000;

/** A hand-rolled server in a process and a folder of its own. */
export async function startPeer(side: "ws-sqlite" | "ws-merged" | "socket.io"): Promise<Stand> {
	const kind = side === "socket.io" ? side : "ws-sqlite";
	const folder = mkdtempSync(join(tmpdir(), "bullpen-peer-"));
	const [port = 0] = await freePorts(1);
	const server = startChild({
		file: process.execPath,
		args: [join(import.meta.dirname, kind === "ws-sqlite" ? "ws-sqlite.ts" : "socket-io.ts")],
		env: { PEER_DATA: folder, PORT: String(port), PEER_FRAME_PER: side === "ws-merged" ? "commit" : "message" },
	});
	const stop = async (): Promise<void> => {
		await server.stop(2_000);
		rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
	};
	try {
		await within(READY_MS, "starting", server.printed(/peer ready/));
	} catch (error) {
		await stop();
		throw error;
	}
	const scheme = kind === "ws-sqlite" ? "ws" : "http";
	return {
		places: { [side]: { kind, endpoint: `${scheme}://127.0.0.1:${port}` } },
		openRoom: async (name) => name,
		processes: () => ({ peer: [server.pid] }),
		stop,
	};
}
