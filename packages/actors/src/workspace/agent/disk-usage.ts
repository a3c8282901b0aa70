import { execFile } from "node:child_process";
import { readdir, stat } from "node:fs/promises";
import { type SandboxUser, SYSTEM_PATH, systemFolders } from "./bubblewrap.ts";

const BLOCK_BYTES = 512;

/**
 * Bytes that these folders of a sandbox take on the disk. It is added up in a sandbox of its own, that sees nothing else and
 * may read every folder, so no link leads out and no mode hides anything; no file is opened.
 * @throws Error when it takes longer than `waitMs`
 */
export async function diskUsage(folders: readonly string[], user: SandboxUser, waitMs: number): Promise<number> {
	const args = [
		...(user.kind === "mapped" ? ["--unshare-user", "--uid", "0", "--gid", "0"] : []),
		...["--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--die-with-parent", "--new-session"],
		...["--cap-drop", "ALL", "--cap-add", "CAP_DAC_READ_SEARCH", "--clearenv"],
		...systemFolders(),
		...folders.flatMap((folder, at) => ["--ro-bind", folder, `/measured/${at}`]),
		...["--", "/usr/bin/nice", "-n", "10", "/usr/bin/du"],
		...["--summarize", "--total", "--one-file-system", "--block-size=1", "--"],
		...folders.map((_, at) => `/measured/${at}`),
	];
	const output = await new Promise<string>((resolve, reject) => {
		const options = { timeout: waitMs, env: { PATH: SYSTEM_PATH, LC_ALL: "C" }, killSignal: "SIGKILL" } as const;
		execFile("bwrap", args, options, (error, stdout) => {
			// `du` complains of what goes away while it looks, and has a sum all the same.
			const total = /^(\d+)\ttotal$/m.exec(stdout)?.[1];
			if (total !== undefined) resolve(total);
			else reject(error ?? new Error("The disk usage could not be read."));
		});
	});
	return Number(output);
}

/** Bytes of deleted files that these processes still hold open: they take space and no folder shows them. */
export async function heldUsage(pids: readonly number[]): Promise<number> {
	const held = new Map<string, number>();
	for (const pid of pids) {
		const descriptors = await readdir(`/proc/${pid}/fd`).catch(() => []);
		for (const name of descriptors) {
			const file = await stat(`/proc/${pid}/fd/${name}`).catch(() => undefined);
			if (file?.isFile() && file.nlink === 0) held.set(`${file.dev}:${file.ino}`, file.blocks * BLOCK_BYTES);
		}
	}
	return [...held.values()].reduce((sum, bytes) => sum + bytes, 0);
}
