import fc from "fast-check";
import { expect, test } from "vitest";
import { FrameBoundary } from "./frame-boundary.ts";

function frame(length: number, isMasked: boolean): Uint8Array {
	const short = length < 126 ? length : length < 65_536 ? 126 : 127;
	const header = Buffer.alloc(short === 126 ? 4 : short === 127 ? 10 : 2);
	header[0] = 0x81;
	header[1] = short | (isMasked ? 0x80 : 0);
	if (short === 126) header.writeUInt16BE(length, 2);
	if (short === 127) header.writeBigUInt64BE(BigInt(length), 2);
	return Buffer.concat([header, Buffer.alloc(isMasked ? 4 : 0, 7), Buffer.alloc(length, 0xff)]);
}

const length = fc.oneof(fc.nat(130), fc.constantFrom(125, 126, 127, 65_535, 65_536, 70_000));

test("a boundary is told exactly where each frame ends, however the bytes are cut", () => {
	fc.assert(
		fc.property(
			fc.array(fc.tuple(length, fc.boolean()), { minLength: 1, maxLength: 5 }),
			fc.array(fc.integer({ min: 1, max: 20_000 }), { minLength: 1 }),
			(frames, cuts) => {
				const parts = frames.map(([size, isMasked]) => frame(size, isMasked));
				const bytes = Buffer.concat(parts);
				const ends = new Set(parts.map((_, index) => Buffer.concat(parts.slice(0, index + 1)).length));
				const boundary = new FrameBoundary();
				for (let at = 0, turn = 0; at < bytes.length; turn++) {
					const to = Math.min(bytes.length, at + (cuts[turn % cuts.length] ?? 1));
					boundary.read(bytes.subarray(at, to));
					at = to;
					expect(boundary.isReached).toBe(ends.has(at));
				}
			},
		),
	);
});
