/**
 * Runs alone in a sandbox: unpacks the archive that is its standard input, an open file, into its working folder. Says
 * `{"done":0.5}` as it goes on, and `{"problem":"link","detail":"a/b"}` before it ends with 1. Built-in modules only.
 */
import { createReadStream, fstatSync, readSync } from "node:fs";
import { createGunzip } from "node:zlib";
import type { Entry } from "./entry.ts";
import { moveUp, putEntries } from "./put-entries.ts";
import { Refused } from "./refused.ts";
import { tarEntries } from "./tar.ts";
import { zipEntries } from "./zip.ts";

const ARCHIVE = 0;
const TELL_MS = 500;
const [bytesMax = 0, entriesMax = 0] = process.argv.slice(2).map(Number);

try {
	await putEntries(".", entriesOf(ARCHIVE), { bytesMax, entriesMax });
	await moveUp(".");
} catch (error) {
	const refused = error instanceof Refused ? error : new Refused("failed");
	if (refused !== error) process.stderr.write(`${String(error)}\n`);
	process.stdout.write(`${JSON.stringify({ problem: refused.problem, detail: refused.message })}\n`);
	process.exitCode = 1;
}

function entriesOf(file: number): AsyncIterable<Entry> | Iterable<Entry> {
	const start = Buffer.alloc(4);
	readSync(file, start, 0, 4, 0);
	if (start[0] === 0x1f && start[1] === 0x8b) return tarEntries(gunzipped(file));
	const isZip = start.readUInt32LE(0) === 0x04034b50 || start.readUInt32LE(0) === 0x06054b50;
	if (isZip) return told(zipEntries(file, entriesMax));
	throw new Refused("unknown_format");
}

async function* gunzipped(file: number): AsyncGenerator<Uint8Array> {
	const { size } = fstatSync(file);
	const packed = createReadStream("", { fd: file, autoClose: false, start: 0 });
	const gunzip = createGunzip();
	packed.on("error", (error) => gunzip.destroy(error)).pipe(gunzip);
	const tell = every(TELL_MS);
	try {
		for await (const piece of gunzip as AsyncIterable<Buffer>) {
			tell(packed.bytesRead / Math.max(1, size));
			yield piece;
		}
	} catch (error) {
		if (error instanceof Refused) throw error;
		throw new Refused("damaged", "It cannot be unpacked.");
	}
}

function* told(entries: Iterable<Entry>): Generator<Entry> {
	const all = [...entries];
	const tell = every(TELL_MS);
	for (const [index, entry] of all.entries()) {
		tell(index / all.length);
		yield entry;
	}
}

function every(ms: number): (done: number) => void {
	let next = 0;
	return (done) => {
		if (performance.now() < next) return;
		next = performance.now() + ms;
		process.stdout.write(`${JSON.stringify({ done: Math.min(1, done) })}\n`);
	};
}
