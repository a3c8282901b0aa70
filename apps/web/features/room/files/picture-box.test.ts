import { expect, test } from "vitest";
import { isCut, pictureBox, tileRatio } from "./picture-box.ts";

test("a picture is shown whole and in its own proportions, never enlarged", () => {
	expect(pictureBox({ width: 4000, height: 3000 })).toEqual({ width: 420, height: 315 });
	expect(pictureBox({ width: 1000, height: 2000 })).toEqual({ width: 160, height: 320 });
	expect(pictureBox({ width: 200, height: 100 })).toEqual({ width: 200, height: 100 });
});

test("a dot and a line can still be hit", () => {
	expect(pictureBox({ width: 1, height: 1 })).toEqual({ width: 48, height: 48 });
	expect(pictureBox({ width: 20_000, height: 10 })).toEqual({ width: 420, height: 48 });
});

test("among several, none takes all of the width nor is a sliver", () => {
	expect(tileRatio({ width: 400, height: 300 })).toBeCloseTo(4 / 3);
	expect(tileRatio({ width: 5000, height: 100 })).toBe(1.8);
	expect(tileRatio({ width: 100, height: 5000 })).toBe(0.6);
});

test("an icon and a line among several are not enlarged to fill their places", () => {
	expect(isCut({ width: 16, height: 16 })).toBe(false);
	expect(isCut({ width: 1600, height: 4 })).toBe(false);
	expect(isCut({ width: 12_000, height: 2_400 })).toBe(true);
});
