import { randomBytes } from "node:crypto";
import { createClient } from "rivetkit/client";
import { residentBytes } from "./meter.ts";
import type { registry } from "./naive/registry.ts";
import { startNaive } from "./naive/stand.ts";

export interface MemorySample {
	/** What actors wrote so far. */
	readonly writtenMb: number;
	readonly residentMb: number;
}

const MB = 1024 * 1024;
/** Below what a frame may hold. */
const TEXT_BYTES = 48 * 1024;
const ROOMS = ["a", "b", "c", "d"];
const SAMPLE_MB = 50;

/**
 * Memory of the engine while actors write and write. RocksDB keeps what was written last, so it grows for a long while: up to
 * three write buffers of 256 MiB (its own `LOG` says so: `write_buffer_size`, `max_write_buffer_size_to_maintain`).
 */
export async function engineMemory(megabytes: number, say: (line: string) => void): Promise<readonly MemorySample[]> {
	const stand = await startNaive();
	try {
		const endpoint = stand.places.naive?.endpoint ?? "";
		const client = createClient<typeof registry>({ endpoint, encoding: "json", disableMetadataLookup: true });
		const rooms = ROOMS.map((name) => client.chatRoom.getOrCreate([name]));
		const samples: MemorySample[] = [];
		let written = 0;
		for (let next = 0; written < megabytes * MB; ) {
			await Promise.all(rooms.map((room) => room.fill(1, randomText())));
			written += rooms.length * TEXT_BYTES;
			if (written < next) continue;
			next = written + SAMPLE_MB * MB;
			const residentMb = Math.round((residentBytes(stand.processes()).engine ?? 0) / MB);
			samples.push({ writtenMb: Math.round(written / MB), residentMb });
			say(`${Math.round(written / MB)} MB written, the engine holds ${residentMb} MB`);
		}
		await client.dispose();
		return samples;
	} finally {
		await stand.stop();
	}
}

/** Nothing that could be compressed away. */
const randomText = (): string =>
	randomBytes((TEXT_BYTES / 4) * 3)
		.toString("base64")
		.slice(0, TEXT_BYTES);
