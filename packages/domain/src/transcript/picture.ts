import { z } from "zod";

/** A picture that was found to be one (`raster.ts`): sizes in pixels, `bytes` of the file. */
export const picture = {
	type: z.literal("image"),
	mimeType: z.enum(["image/png", "image/jpeg", "image/gif", "image/webp"]),
	width: z.int().min(1),
	height: z.int().min(1),
	bytes: z.int().min(1),
};
