import type { TrayFile } from "../ui/file-tray.tsx";

/** A file that somebody chose, and what the server made of it. */
export type FileDraft<Kept> = Omit<TrayFile, "state"> & {
	readonly state: Exclude<TrayFile["state"], { type: "kept" }> | { readonly type: "kept"; readonly kept: Kept };
};

export interface FileSender<Kept> {
	/** `key` is the same whenever the same file is tried again. `onProgress`: 0 to 1. */
	send(
		file: File,
		way: { readonly key: string; readonly signal: AbortSignal; readonly onProgress: (done: number) => void },
	): Promise<Kept>;
	/** One that was kept is not wanted any more. */
	forget(kept: Kept): void;
	/** In words, why a file did not arrive; `isFinal` where trying again ends the same. */
	refusal(error: unknown): { readonly reason: string; readonly isFinal: boolean };
	/** How many go with one message. */
	readonly max: number;
	/** How many are on their way together. */
	readonly atOnce: number;
}

/** The files of one thing that is being written: each is sent as soon as it is chosen. They outlive the screen that shows them. */
export class FileDrafts<Kept> {
	readonly #sender: FileSender<Kept>;
	readonly #listeners = new Set<() => void>();
	/** What is on its way, and what waits for its turn, in the order of choosing. */
	readonly #underWay = new Map<string, AbortController>();
	readonly #waiting = new Set<string>();
	#shown: readonly FileDraft<Kept>[] = [];

	constructor(sender: FileSender<Kept>) {
		this.#sender = sender;
	}

	readonly subscribe = (listener: () => void): (() => void) => {
		this.#listeners.add(listener);
		return () => void this.#listeners.delete(listener);
	};
	readonly getSnapshot = (): readonly FileDraft<Kept>[] => this.#shown;

	/** As many as there is room for. The answer is how many were left out. */
	add(files: readonly File[]): number {
		const taken = files.slice(0, Math.max(0, this.#sender.max - this.#shown.length));
		const drafts = taken.map((file) => ({ key: newKey(), file, preview: previewOf(file), state: WAITING }));
		this.#show([...this.#shown, ...drafts]);
		for (const { key } of drafts) this.#waiting.add(key);
		this.#pump();
		return files.length - taken.length;
	}

	/** Takes one out, wherever it is on its way. */
	readonly remove = (key: string): void => {
		const draft = this.#find(key);
		if (draft === undefined) return;
		this.#stop(key);
		forgetPreview(draft);
		if (draft.state.type === "kept") this.#sender.forget(draft.state.kept);
		this.#show(this.#shown.filter((one) => one !== draft));
		this.#pump();
	};

	readonly retry = (key: string): void => {
		if (this.#find(key)?.state.type !== "failed") return;
		this.#change(key, WAITING);
		this.#waiting.add(key);
		this.#pump();
	};

	/** They go with what was written: whoever takes them looks after their previews. */
	take(): readonly FileDraft<Kept>[] {
		const taken = this.#shown;
		for (const { key } of taken) this.#stop(key);
		this.#show([]);
		return taken;
	}

	/** Ends what is on its way and forgets all of it. */
	dispose(): void {
		this.take().forEach(forgetPreview);
	}

	#pump(): void {
		for (const key of this.#waiting) {
			if (this.#underWay.size >= this.#sender.atOnce) return;
			this.#waiting.delete(key);
			void this.#send(key);
		}
	}

	async #send(key: string): Promise<void> {
		const file = this.#find(key)?.file;
		if (file === undefined) return;
		const abort = new AbortController();
		this.#underWay.set(key, abort);
		const isOurs = (): boolean => this.#underWay.get(key) === abort;
		try {
			const onProgress = (done: number): void => {
				if (isOurs()) this.#change(key, { type: "sending", done });
			};
			const kept = await this.#sender.send(file, { key, signal: abort.signal, onProgress });
			if (isOurs()) this.#change(key, { type: "kept", kept });
			else this.#sender.forget(kept);
		} catch (error) {
			if (isOurs()) this.#change(key, { type: "failed", ...this.#sender.refusal(error) });
		}
		if (isOurs()) this.#underWay.delete(key);
		this.#pump();
	}

	#stop(key: string): void {
		this.#waiting.delete(key);
		this.#underWay.get(key)?.abort();
		this.#underWay.delete(key);
	}

	#find(key: string): FileDraft<Kept> | undefined {
		return this.#shown.find((one) => one.key === key);
	}

	#change(key: string, state: FileDraft<Kept>["state"]): void {
		this.#show(this.#shown.map((one) => (one.key === key ? { ...one, state } : one)));
	}

	#show(shown: readonly FileDraft<Kept>[]): void {
		this.#shown = shown;
		for (const listener of this.#listeners) listener();
	}
}

export const forgetPreview = ({ preview }: Pick<TrayFile, "preview">): void => {
	if (preview !== null) URL.revokeObjectURL(preview);
};

const WAITING = { type: "sending", done: null } as const;
const PREVIEWED = /^image\/(?:png|jpeg|gif|webp)$/;

const previewOf = (file: File): string | null => (PREVIEWED.test(file.type) ? URL.createObjectURL(file) : null);

/** Not `crypto.randomUUID`, which a page that was opened over plain HTTP by its address does not have. */
const newKey = (): string => crypto.getRandomValues(new Uint32Array(4)).join("-");
