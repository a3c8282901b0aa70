import type { IncomingMessage } from "node:http";
import { Transform } from "node:stream";
import { Problem } from "@bullpen/domain/problem";
import type { Pace } from "./hearing.ts";

/** A body that says how long it is. @throws Problem `frame_too_large` */
export function requireLength({ headers }: IncomingMessage, bytesMax: number): void {
	if (Number(headers["content-length"] ?? 0) > bytesMax) throw tooLarge(bytesMax);
}

/** A body that does not say, or lies: passed on at this pace, and broken off with `frame_too_large` beyond the limit. */
export function atMost(bytesMax: number, pace: Pace = unhurried): Transform {
	let bytes = 0;
	return new Transform({
		transform(chunk: Buffer, _encoding, done) {
			bytes += chunk.length;
			const waitMs = pace(chunk.length);
			if (bytes > bytesMax) done(tooLarge(bytesMax));
			else if (waitMs > 0) setTimeout(done, waitMs, null, chunk).unref();
			else done(null, chunk);
		},
	});
}

const unhurried: Pace = () => 0;

const tooLarge = (bytesMax: number): Problem =>
	new Problem("frame_too_large", "This request is larger than this server takes.", { bytesMax });
