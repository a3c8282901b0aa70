import { ChangeList, Committed, FileDiff, PatchPart } from "@bullpen/domain/changes";
import { isFilePath } from "@bullpen/domain/file-path";
import { FileContent, FileList, FileWritten } from "@bullpen/domain/files";
import { LIMITS, type Limits } from "@bullpen/domain/limits";
import { Problem, ProblemCode } from "@bullpen/domain/problem";
import { z } from "zod";
import { boundedText } from "./bounded-text.ts";
import { HOME_PATH, TOOLS_PATH, WORKSPACE_PATH } from "./bubblewrap.ts";
import type { Db } from "./db.ts";
import type { Author, ReadFile, WorkspaceFiles, WriteFile } from "./files.ts";
import { insideBounds } from "./inside/bounds.ts";
import { EMPTY_TREE } from "./inside/git.ts";
import { type KnownPaths, listPaths, type ProgramCall } from "./sandbox-files.ts";

interface Options {
	/** Reaches the sandbox's server, and nothing else. */
	readonly fetch: typeof globalThis.fetch;
	readonly db: Db;
	readonly limits: Limits;
}

const Done = z.strictObject({ ok: z.literal(true) });
const Recorded = z.strictObject({ base: z.string().regex(/^[0-9a-f]{40}$/) });
const Ran = z.object({ stdout: z.string(), stdoutTruncated: z.boolean(), timedOut: z.boolean() });
const Outcome = z.object({ answer: z.unknown() });
/** As git names files: whether a name is one of a path of ours is asked then. */
const ListedChanges = ChangeList.extend({
	files: z.array(z.looseObject({ path: z.string(), from: z.string().optional() })).max(LIMITS.changedFilesMax),
});
const Refused = z.strictObject({
	code: ProblemCode,
	sentence: z.string().max(1_000),
	details: z.record(z.string(), z.union([z.string().max(1_000), z.number()])),
});

/** One argument of a program may be this long (execve(2): 128 KiB). */
const ARGUMENT_CHARS_MAX = 96 * 1024;
/** The largest answer: both sides of a diff, or a part of a file as base64, as JSON in JSON. */
const ANSWER_BYTES_MAX = 4 * 1024 * 1024;
const LATE_MS = 5_000;

/**
 * The files in a sandbox. Each call runs our own program in there once (`inside/`), with an environment of its own: the server's
 * has the workspace's token. What it answers is believed only as far as the wire's schemas go.
 */
export class ConfinedFiles implements WorkspaceFiles {
	readonly #options: Options;

	constructor(options: Options) {
		this.#options = options;
	}

	list(path: string): Promise<FileList> {
		return this.#ask(FileList, { do: "list", path });
	}

	read(input: ReadFile): Promise<FileContent> {
		return this.#ask(FileContent, { do: "read", ...input });
	}

	write({ path, version, upload, data }: WriteFile): Promise<FileWritten> {
		return this.#ask(FileWritten, { do: "write", path, version, upload }, data);
	}

	async createFolder(path: string): Promise<void> {
		await this.#ask(Done, { do: "createFolder", path });
	}

	async rename(path: string, to: string): Promise<void> {
		await this.#ask(Done, { do: "rename", path, to });
	}

	async remove(path: string, version?: string): Promise<void> {
		await this.#ask(Done, { do: "delete", path, version });
	}

	async changes(): Promise<ChangeList> {
		const listed = await this.#ask(ListedChanges, { do: "listChanges", base: await this.#start() });
		// A program can make what has no path for us. It is counted, and the others are told.
		const files = listed.files.filter(({ path, from }) => isFilePath(path) && isFilePath(from ?? path));
		const answer = { ...listed, files, omitted: listed.omitted + listed.files.length - files.length };
		return checked(ChangeList, answer);
	}

	async diff(path: string, from?: string): Promise<FileDiff> {
		return this.#ask(FileDiff, { do: "diff", base: await this.#start(), path, from });
	}

	async patch(patchId?: string, offset?: number): Promise<PatchPart> {
		return this.#ask(PatchPart, { do: "patch", base: await this.#start(), patchId, offset });
	}

	commit(message: string, { name, email }: Author): Promise<Committed> {
		return this.#ask(Committed, { do: "commit", message, name, email });
	}

	paths(): Promise<KnownPaths> {
		return listPaths((call) => this.#program(call), WORKSPACE_PATH, this.#options.limits);
	}

	async recordStart(): Promise<void> {
		const { base } = await this.#ask(Recorded, { do: "recordStart" });
		await this.#options.db.execute(
			"INSERT INTO agent_start (id, tree) VALUES (1, ?) ON CONFLICT (id) DO NOTHING",
			base,
		);
	}

	async #start(): Promise<string> {
		const [row] = await this.#options.db.execute("SELECT tree FROM agent_start WHERE id = 1");
		return row === undefined ? EMPTY_TREE : z.string().parse(row.tree);
	}

	async #ask<Answer extends z.ZodType>(shape: Answer, request: object, data = ""): Promise<z.infer<Answer>> {
		const { stdout, stdoutTruncated, timedOut } = await this.#run(request, data);
		if (timedOut) throw new Problem("busy", "This took too long.");
		const printed = stdoutTruncated ? undefined : parsed(stdout);
		const refused = z.object({ refusal: Refused }).safeParse(printed);
		if (refused.success) {
			const { code, sentence, details } = refused.data.refusal;
			throw new Problem(code, sentence, details);
		}
		return checked(shape, Outcome.safeParse(printed).data?.answer);
	}

	#run(request: object, data: string): Promise<z.infer<typeof Ran>> {
		const { limits } = this.#options;
		return this.#program({
			command: "/usr/bin/env",
			args: [...PROGRAM, JSON.stringify({ ...request, bounds: insideBounds(limits) }), ...pieces(data)],
			cwd: "/",
			timeoutMs: limits.fileCallMs,
			maxOutputBytes: ANSWER_BYTES_MAX,
		});
	}

	async #program(call: ProgramCall): Promise<z.infer<typeof Ran>> {
		try {
			const response = await this.#options.fetch("http://sandbox/v1/processes/run", {
				method: "POST",
				headers: { "content-type": "application/json" },
				body: JSON.stringify(call),
				signal: AbortSignal.timeout(call.timeoutMs + LATE_MS),
			});
			return Ran.parse(parsed(await boundedText(response, 2 * ANSWER_BYTES_MAX)));
		} catch (error) {
			throw unavailable("The sandbox could not be reached.", error);
		}
	}
}

function checked<Shape extends z.ZodType>(shape: Shape, value: unknown): z.infer<Shape> {
	const answer = shape.safeParse(value);
	if (!answer.success) throw unavailable("The sandbox did not answer as it should.", answer.error);
	return answer.data;
}

const PROGRAM = [
	"-i",
	...[`HOME=${HOME_PATH}`, "LANG=C.UTF-8", "TMPDIR=/tmp", "PATH=/usr/local/bin:/usr/bin:/bin"],
	...["/opt/node/bin/node", `${TOOLS_PATH}/files/main.ts`],
];

function pieces(data: string): string[] {
	const found: string[] = [];
	for (let i = 0; i < data.length; i += ARGUMENT_CHARS_MAX) found.push(data.slice(i, i + ARGUMENT_CHARS_MAX));
	return found;
}

function parsed(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined; // not what we asked for: the schema says so
	}
}

function unavailable(sentence: string, cause?: unknown): Problem {
	const problem = new Problem("sandbox_unavailable", sentence);
	problem.cause = cause;
	return problem;
}
