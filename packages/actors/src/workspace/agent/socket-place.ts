import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A free name for a unix socket, in a folder that only we can enter. */
export interface SocketPlace {
	readonly path: string;
	release(): Promise<void>;
}

/** `way` says where the socket leads: into the sandbox's server, on from there over its output, or out to models or named hosts. */
type Way = "api" | "link" | "model" | "egress";

/** Longer paths do not fit into a socket's address (unix(7): 108 bytes). */
const PATH_BYTES_MAX = 100;

/** In the workspace's own folder, or in one for this socket alone where that has too long a name. */
export async function socketPlace(folder: string, way: Way): Promise<SocketPlace> {
	const name = `${way}-${crypto.randomUUID().slice(0, 8)}.sock`;
	const isLong = Buffer.byteLength(join(folder, `new-${name}`)) > PATH_BYTES_MAX;
	const place = isLong ? await mkdtemp(join(tmpdir(), "bullpen-")) : folder;
	const path = join(place, name);
	return { path, release: () => rm(isLong ? place : path, { recursive: true, force: true }) };
}

/** What holders left that were killed: by now nobody else holds the workspace. */
export async function removeOldSockets(folder: string, ours: readonly string[]): Promise<void> {
	for (const name of await readdir(folder)) {
		const path = join(folder, name);
		if (/^(?:new-)?(?:api|link|model|egress)-\w+\.sock$/.test(name) && !ours.includes(path))
			await rm(path, { force: true });
	}
}
