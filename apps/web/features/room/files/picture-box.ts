import type { Picture } from "../../../live/files-words.ts";

type Size = Pick<Picture, "width" | "height">;

const WIDTH_MAX = 420;
const HEIGHT_MAX = 320;
const SIDE_MIN = 48;

/** The place of a picture that stands alone, in CSS pixels: all of it, never larger than it is. */
export function pictureBox({ width, height }: Size): Size {
	const scale = Math.min(1, WIDTH_MAX / width, HEIGHT_MAX / height);
	return {
		width: Math.max(SIDE_MIN, Math.round(width * scale)),
		height: Math.max(SIDE_MIN, Math.round(height * scale)),
	};
}

/** What is smaller than this one way shows nothing when its edges are cut off. */
const CUT_MIN = 100;

/** Whether a picture may fill the place it has among several: else it is shown whole in there, as large as it is. */
export const isCut = ({ width, height }: Size): boolean => Math.min(width, height) >= CUT_MIN;

/** Width to height of one among several, which all have one height: a panorama or a long scroll shows its middle. */
export const tileRatio = ({ width, height }: Size): number => Math.min(1.8, Math.max(0.6, width / height));
