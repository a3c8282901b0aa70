import { appendFileSync, mkdirSync, renameSync, statSync } from "node:fs";
import { dirname } from "node:path";

const BYTES_MAX = 5 * 1024 * 1024;

/**
 * Keeps what a part prints: the newest 5 to 10 MB, in `path` and `path.1`. What cannot be written is lost: a full disk
 * must not end what still works.
 */
export function openLogFile(path: string): (line: string) => void {
	mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
	let bytes = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
	return (line) => {
		try {
			if (bytes > BYTES_MAX) {
				renameSync(path, `${path}.1`);
				bytes = 0;
			}
			appendFileSync(path, `${line}\n`, { mode: 0o600 });
			bytes += Buffer.byteLength(line) + 1;
		} catch {
			// as said above
		}
	};
}
