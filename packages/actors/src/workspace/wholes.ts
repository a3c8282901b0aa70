import type { CoalesceStep } from "@bullpen/domain/transcript/coalesce-state";
import { capOutput } from "./output.ts";
import type { Scope } from "./scope.ts";
import { putOutput } from "./store/outputs.ts";
import { putPicture } from "./store/pictures.ts";

/** What lines only refer to, until it is kept: whole outputs and the files of pictures. Large, and no rows of the feed. */
export class Wholes {
	readonly #scope: Pick<Scope, "frame" | "limits">;
	readonly #outputs = new Map<number, string>();
	readonly #pictures = new Map<string, CoalesceStep["pictures"][number]>();

	constructor(scope: Pick<Scope, "frame" | "limits">) {
		this.#scope = scope;
	}

	/** The newest of each counts. */
	add({ outputs, pictures }: Pick<CoalesceStep, "outputs" | "pictures">): void {
		for (const { itemId, text } of outputs) this.#outputs.set(itemId, text);
		for (const one of pictures) this.#pictures.set(`${one.itemId} ${one.position}`, one);
	}

	/** Call before the lines that refer to them are committed. Each is written alone. */
	async keep(): Promise<void> {
		const { db } = this.#scope.frame;
		const { toolOutputBytesMax, toolOutputsKept, picturesKept } = this.#scope.limits;
		for (const [itemId, text] of this.#outputs) {
			await putOutput(db, itemId, capOutput(text, toolOutputBytesMax), toolOutputsKept);
			if (this.#outputs.get(itemId) === text) this.#outputs.delete(itemId);
		}
		for (const [key, one] of this.#pictures) {
			const { itemId, position, picture } = one;
			await putPicture(db, { itemId, position, mimeType: picture.mimeType, data: picture.data }, picturesKept);
			if (this.#pictures.get(key) === one) this.#pictures.delete(key);
		}
	}
}
