import type { ChangeList, Committed, FileDiff, PatchPart } from "@bullpen/domain/changes";
import type { FileContent, FileList, FileWritten } from "@bullpen/domain/files";
import type { Actor } from "@bullpen/domain/prompt-rules";
import { cleanText } from "@bullpen/domain/text";
import type { AgentEvent } from "@bullpen/domain/transcript/agent-event";
import type { Person } from "../identity.ts";
import { Reads, Turnstile } from "../reads.ts";
import type { Started } from "./agent/agent-host.ts";
import type { ReadFile, WorkspaceFiles, WriteFile } from "./agent/files.ts";
import type { Agent } from "./agent.ts";
import type { Scope, WorkspaceDraft } from "./scope.ts";

type Acting = (draft: WorkspaceDraft) => Actor;

interface Parts {
	readonly scope: Scope;
	readonly agent: Agent;
	/** Nothing of this was needed for a turn: the agent may rest again. */
	readonly onDone: () => void;
}

/** What people see and change of the files. The sandbox does all of it; here is who may, and who is told. */
export class FileTree {
	readonly #parts: Parts;
	readonly #lists: Reads<FileList>;
	readonly #contents: Reads<FileContent>;
	readonly #changes: Reads<ChangeList>;
	readonly #diffs: Reads<FileDiff>;
	/** What was compared last: until something changes it is good enough for everybody who asks in the same moment. */
	#compared: { readonly at: number; readonly answer: Promise<ChangeList> } | undefined;
	#told: { readonly paths: Set<string>; isAll: boolean } | undefined;
	#timer: NodeJS.Timeout | undefined;

	constructor(parts: Parts) {
		this.#parts = parts;
		const { fileCallsAtOnce, fileCallsWaitingMax } = parts.scope.limits;
		// Everybody looks again at the same moment, at the same files: after a turn.
		const turnstile = new Turnstile({ readsAtOnce: fileCallsAtOnce, readsWaitingMax: fileCallsWaitingMax });
		this.#lists = new Reads(turnstile);
		this.#contents = new Reads(turnstile);
		this.#changes = new Reads(turnstile);
		this.#diffs = new Reads(turnstile);
	}

	list(path: string): Promise<FileList> {
		return this.#lists.read(path, () => this.#with((files) => files.list(path)));
	}

	read(input: ReadFile): Promise<FileContent> {
		return this.#contents.read(input, () => this.#with((files) => files.read(input)));
	}

	changes(): Promise<ChangeList> {
		const { now, limits } = this.#parts.scope;
		const known = this.#compared;
		if (known !== undefined && now() - known.at < limits.filesTellMs) return known.answer;
		const answer = this.#changes.read(null, () => this.#with((files) => files.changes()));
		const compared = { at: now(), answer };
		this.#compared = compared;
		answer.catch(() => {
			if (this.#compared === compared) this.#compared = undefined;
		});
		return answer;
	}

	diff(path: string, from?: string): Promise<FileDiff> {
		return this.#diffs.read([path, from], () => this.#with((files) => files.diff(path, from)));
	}

	patch(patchId?: string, offset?: number): Promise<PatchPart> {
		return this.#with((files) => files.patch(patchId, offset));
	}

	/** @throws Problem `file_changed`, with what is there now */
	async write(input: WriteFile, acting: Acting): Promise<FileWritten> {
		await this.#admit(acting);
		const written = await this.#change((files) => files.write(input));
		if (written.type === "written") this.changed([input.path]);
		return written;
	}

	async createFolder(path: string, acting: Acting): Promise<void> {
		await this.#admit(acting);
		await this.#change((files) => files.createFolder(path));
		this.changed([path]);
	}

	async rename(path: string, to: string, acting: Acting): Promise<void> {
		await this.#admit(acting);
		await this.#change((files) => files.rename(path, to));
		this.changed([path, to]);
	}

	async remove(path: string, version: string | undefined, acting: Acting): Promise<void> {
		await this.#admit(acting);
		await this.#change((files) => files.remove(path, version));
		this.changed([path]);
	}

	/** In the name of whoever asks; their address is nobody's. @throws Problem `text_*` */
	async commit(raw: string, { userId, name }: Person, acting: Acting): Promise<Committed> {
		const { commitMessageCharsMax: most } = this.#parts.scope.limits;
		const message = cleanText(raw, most, 4 * most);
		await this.#admit(acting);
		const author = { name, email: `${userId}@bullpen.invalid` };
		const committed = await this.#change((files) => files.commit(message, author));
		this.changed();
		return committed;
	}

	/** The agent may have changed something: after each of its calls that is over. */
	heard(event: AgentEvent): void {
		if (event.type !== "tool-changed") return;
		const { status } = event.patch;
		if (status === "completed" || status === "failed") this.#note(undefined);
	}

	/** Tells everybody soon that what they see is old: of these paths, or of any. */
	changed(paths?: readonly string[]): void {
		this.#compared = undefined;
		this.#note(paths);
	}

	#note(paths: readonly string[] | undefined): void {
		const { filesTellMs, filesToldMax } = this.#parts.scope.limits;
		this.#told ??= { paths: new Set(), isAll: false };
		for (const path of paths ?? []) this.#told.paths.add(path);
		if (paths === undefined || this.#told.paths.size > filesToldMax) this.#told.isAll = true;
		this.#timer ??= setTimeout(() => this.#tell(), filesTellMs);
	}

	close(): void {
		clearTimeout(this.#timer);
		this.#timer = undefined;
		this.#told = undefined;
	}

	#tell(): void {
		const told = this.#told;
		this.close();
		if (told === undefined) return;
		this.#compared = undefined;
		const { isAll } = told;
		this.#parts.scope.audience.broadcast("filesChanged", { paths: isAll ? [] : [...told.paths], isAll });
	}

	/** Goes through the door with a commit of its own: what happens in the sandbox cannot be one. */
	async #admit(acting: Acting): Promise<void> {
		await this.#parts.scope.writer.write((draft) => void acting(draft));
	}

	/** What is archived by now is looked at, and not changed. */
	#change<Result>(work: (files: WorkspaceFiles) => Promise<Result>): Promise<Result> {
		return this.#with(work, "agent");
	}

	async #with<Result>(work: (files: WorkspaceFiles) => Promise<Result>, what: Started = "files"): Promise<Result> {
		const { scope, agent, onDone } = this.#parts;
		agent.hold();
		try {
			return await scope.frame.keepAwake(agent.ready(what).then(({ files }) => work(files)));
		} finally {
			onDone();
		}
	}
}
