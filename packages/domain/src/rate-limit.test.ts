import fc from "fast-check";
import { expect, test } from "vitest";
import { fullBucket, takeToken } from "./rate-limit.ts";

const RATE = { burst: 10, perSecond: 2 };

test("[RATE1] a burst is granted at once, then the refusal says how long to wait", () => {
	let bucket = fullBucket(RATE.burst, 0);
	for (let i = 0; i < 10; i++) {
		const taken = takeToken(bucket, RATE, 0);
		expect(taken.waitMs).toBe(0);
		bucket = taken.bucket;
	}
	expect(takeToken(bucket, RATE, 0).waitMs).toBe(500);
	expect(takeToken(bucket, RATE, 200).waitMs).toBe(300);
});

test("[RATE2] who waits as long as told is granted", () => {
	fc.assert(
		fc.property(fc.array(fc.nat(2_000), { maxLength: 60 }), (pauses) => {
			let bucket = fullBucket(RATE.burst, 0);
			let now = 0;
			for (const pause of pauses) {
				now += pause;
				const taken = takeToken(bucket, RATE, now);
				bucket = taken.bucket;
				if (taken.waitMs === 0) continue;
				now += taken.waitMs;
				const again = takeToken(bucket, RATE, now);
				expect(again.waitMs).toBe(0);
				bucket = again.bucket;
			}
		}),
	);
});

test("[RATE3] no more than the burst and the rate is granted, even when the clock goes back", () => {
	fc.assert(
		fc.property(fc.array(fc.integer({ min: -5_000, max: 2_000 }), { maxLength: 200 }), (steps) => {
			let bucket = fullBucket(RATE.burst, 100_000);
			let now = 100_000;
			let forward = 0;
			let granted = 0;
			for (const step of steps) {
				now += step;
				forward += Math.max(0, step);
				const taken = takeToken(bucket, RATE, now);
				bucket = taken.bucket;
				if (taken.waitMs === 0) granted++;
			}
			expect(granted).toBeLessThanOrEqual(RATE.burst + (forward * RATE.perSecond) / 1000 + 1e-6);
		}),
	);
});
