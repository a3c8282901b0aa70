import { expect, test } from "vitest";
import { ManualClock, settled } from "../test/manual-clock.ts";
import { CLIENT_LIMITS } from "./limits.ts";
import { ReadMarks } from "./read-marks.ts";

const { markReadMs } = CLIENT_LIMITS;

interface Mark {
	readonly seq: number;
	readonly readEpoch: number;
}

function start() {
	const clock = new ManualClock();
	const told: Mark[] = [];
	const answers: (() => void)[] = [];
	const tell = (mark: Mark): Promise<void> => {
		told.push(mark);
		return new Promise((answer) => answers.push(answer));
	};
	const marks = new ReadMarks<Mark>({ tell, isOpen: () => true, limits: CLIENT_LIMITS, clock });
	return { clock, told, answers, marks };
}

test("a burst is told once, and not again when it was acknowledged", async () => {
	const { clock, told, answers, marks } = start();
	for (const seq of [1, 2, 3]) marks.put("general", { seq, readEpoch: 0 });
	await clock.pass(markReadMs);
	expect(told).toEqual([{ seq: 3, readEpoch: 0 }]);
	answers[0]?.();
	await settled();
	marks.flush();
	expect(told).toHaveLength(1);
});

test("[INB9] what was read again after going back is told, though the answer to the first reading comes late", async () => {
	const { clock, told, answers, marks } = start();
	marks.put("general", { seq: 3, readEpoch: 0 });
	await clock.pass(markReadMs);
	marks.drop("general");
	marks.put("general", { seq: 3, readEpoch: 1 });
	answers[0]?.();
	await clock.pass(markReadMs);
	expect(told.at(-1)).toEqual({ seq: 3, readEpoch: 1 });
});
