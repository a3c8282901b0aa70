import { createHash, randomUUID } from "node:crypto";
import { mkdirSync } from "node:fs";
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Limits } from "@bullpen/domain/limits";
import { Problem } from "@bullpen/domain/problem";
import { pictureOf } from "@bullpen/domain/transcript/raster";
import type { Settings } from "./settings.ts";

export interface ProfilePicture {
	readonly mimeType: string;
	readonly bytes: Buffer<ArrayBuffer>;
}

/** People's pictures: one small file each, named by whom it shows. Ids are generated to a pattern that is a file's name. */
export class Pictures {
	readonly #folder: string;
	readonly #limits: Limits;

	constructor({ dataFolder, limits }: Settings) {
		this.#folder = join(dataFolder, "pictures");
		this.#limits = limits;
	}

	/**
	 * Keeps a raster image by its own bytes, whatever it is called, in place of the one before. The answer is its id.
	 * @throws Problem `bad_input` `frame_too_large`
	 */
	async put(userId: string, bytes: Buffer): Promise<string> {
		const { pictureBytesMax: bytesMax, picturePixelsMax: pixelsMax } = this.#limits;
		if (bytes.length > bytesMax) throw new Problem("frame_too_large", "This picture is too large.", { bytesMax });
		const picture = pictureOf(bytes.toString("base64"));
		if (picture === null) throw new Problem("bad_input", "This is not a picture that can be shown.", { field: "file" });
		if (picture.width > pixelsMax || picture.height > pixelsMax) {
			throw new Problem("bad_input", `A picture is at most ${pixelsMax} pixels wide and high.`, { pixelsMax });
		}
		mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
		const beside = join(this.#folder, `${randomUUID()}.part`);
		await writeFile(beside, bytes, { mode: 0o600 });
		await rename(beside, this.#fileOf(userId));
		return createHash("sha256").update(bytes).digest("hex").slice(0, 32);
	}

	async remove(userId: string): Promise<void> {
		await rm(this.#fileOf(userId), { force: true });
	}

	async get(userId: string): Promise<ProfilePicture | undefined> {
		const bytes = await readFile(this.#fileOf(userId)).catch((error: NodeJS.ErrnoException) => {
			if (error.code === "ENOENT") return undefined;
			throw error;
		});
		const picture = bytes && pictureOf(bytes.toString("base64"));
		return bytes && picture ? { mimeType: picture.mimeType, bytes } : undefined;
	}

	#fileOf(userId: string): string {
		return join(this.#folder, `${userId}.picture`);
	}
}
