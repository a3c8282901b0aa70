import { open, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Limits } from "@bullpen/domain/limits";
import { OriginProblem } from "@bullpen/domain/origin";
import type { GitAddress } from "@bullpen/domain/origin-rules";
import { shortText } from "@bullpen/domain/transcript/agent-text";
import { z } from "zod";
import type { EgressOptions } from "../egress/egress-proxy.ts";
import { EgressRefusal } from "../egress/egress-refusal.ts";
import { publicAddresses, systemResolve } from "../egress/resolve-public.ts";
import { TOOLS_PATH } from "./bubblewrap.ts";
import { type Confinement, confinement } from "./confinement.ts";
import type { Db } from "./db.ts";
import { empty } from "./erase.ts";
import { placeOf, settle } from "./place.ts";
import { type ThrowAwayOptions, type ThrownAway, throwAway, throwAwayExit } from "./throw-away.ts";

/** What is brought into a workspace: an archive that lies on this machine, or a repository. */
export type Wanted =
	| { readonly kind: "archive"; readonly path: string }
	| {
			readonly kind: "git";
			readonly address: GitAddress;
			readonly branch?: string | undefined;
			/** For this once. It is on no command line, in no file and in no word of a failure. */
			readonly token?: string | undefined;
	  };

export interface BringInOptions {
	readonly workspaceId: string;
	/** `BULLPEN_DATA`. */
	readonly dataDir: string;
	readonly db: Db;
	readonly limits: Limits;
	readonly signal: AbortSignal;
	/** How far it is, 0 to 1. */
	onDone(done: number): void;
	/** How repositories are reached; tests lead it elsewhere. */
	readonly way?: Pick<EgressOptions, "resolve" | "dial"> & { readonly certificates?: string };
}

/** Why nothing came in, in one of the words there are for it. */
export class NotBroughtIn extends Error {
	override readonly name = "NotBroughtIn";
	readonly problem: OriginProblem;
	readonly detail: string | undefined;

	constructor(problem: OriginProblem, detail = "") {
		super(problem);
		this.problem = problem;
		this.detail = detail === "" ? undefined : shortText(detail, DETAIL_BYTES_MAX);
	}
}

const DETAIL_BYTES_MAX = 300;
const INSIDE = `${TOOLS_PATH}/origin`;

/**
 * Fills the empty folder of a workspace, all at once or not at all. The work is done beside it, in a sandbox that is thrown
 * away: what comes in is never looked at from outside.
 * @throws NotBroughtIn
 */
export async function bringIn(wanted: Wanted, options: BringInOptions): Promise<void> {
	const { workspaceId, dataDir, db, limits } = options;
	const possible = await confinement(dataDir, limits);
	const place = await placeOf(db, dataDir);
	if (possible.kind === "virtual") throw new NotBroughtIn("no_sandbox", `${possible.reason} ${possible.fix}`);
	if (place && (place.kind === "virtual" || !place.isHere)) throw new NotBroughtIn("not_empty");
	const folder = join(dataDir, "workspaces", workspaceId);
	const incoming = join(folder, "incoming");
	const clear = async (): Promise<void> => {
		await empty(incoming, { workspaceId, dataDir, limits });
		await rm(incoming, { recursive: true, force: true });
	};
	await clear(); // what an earlier try left
	try {
		await fill(wanted, { ...options, place: incoming, possible });
		await settle(db, dataDir, "confined");
		await rename(join(incoming, "files"), join(folder, "files")).catch((error: NodeJS.ErrnoException) => {
			throw error.code === "ENOTEMPTY" || error.code === "EEXIST" ? new NotBroughtIn("not_empty") : error;
		});
	} finally {
		await clear();
	}
}

interface Filling extends BringInOptions {
	readonly place: string;
	readonly possible: Extract<Confinement, { kind: "confined" }>;
}

async function fill(wanted: Wanted, options: Filling): Promise<void> {
	const { limits } = options;
	const node = "/opt/node/bin/node";
	if (wanted.kind === "git") {
		const { address, branch, token } = wanted;
		await refusePrivate(address, options);
		const { port, socket } = throwAwayExit;
		const input = { url: address.url, host: new URL(address.url).host, branch, token };
		const ended = await run(options, {
			command: [node, `${INSIDE}/clone.ts`, String(port), socket],
			input: { text: JSON.stringify(input) },
			egress: { rules: () => [{ host: address.host, ports: [address.port] }], ...options.way },
			timeMs: limits.originGitMs,
		});
		if (ended.end === "exit" && ended.code !== 0) throw gitFailure(ended, token);
		return;
	}
	const file = await open(wanted.path, "r").catch(() => {
		throw new NotBroughtIn("upload_gone");
	});
	try {
		let said: NotBroughtIn | undefined;
		const ended = await run(options, {
			command: [node, `${INSIDE}/unpack.ts`, String(limits.originBytesMax), String(limits.originEntriesMax)],
			input: { fd: file.fd },
			timeMs: limits.originUnpackMs,
			onProblem: (problem) => {
				said = problem;
			},
		});
		if (said !== undefined) throw said;
		if (ended.end === "exit" && ended.code !== 0) throw new NotBroughtIn("failed", lastLine(ended.complaint));
	} finally {
		await file.close();
	}
}

const Said = z.union([
	z.strictObject({ done: z.number().min(0).max(1) }),
	z.strictObject({ problem: OriginProblem, detail: z.string() }),
]);

async function run(
	{ workspaceId, dataDir, limits, signal, place, possible, onDone, way }: Filling,
	work: Pick<ThrowAwayOptions, "command" | "input" | "egress" | "timeMs"> & {
		onProblem?(problem: NotBroughtIn): void;
	},
): Promise<ThrownAway> {
	const { onProblem, ...options } = work;
	const certificates = way?.certificates;
	const ended = await throwAway({
		...{ workspaceId, dataDir, signal, place, ...options },
		limits: { ...limits, sandboxDiskBytesMax: limits.originBytesMax, sandboxDiskEveryMs: limits.originTellMs },
		toolbox: possible.toolbox,
		cgroups: possible.cgroups,
		...(certificates === undefined
			? {}
			: {
					readOnly: [{ from: certificates, to: "/opt/certificates.pem" }],
					environment: { GIT_SSL_CAINFO: "/opt/certificates.pem" },
				}),
		onLine: (line) => {
			const said = Said.safeParse(parsed(line));
			if (!said.success) return;
			if ("done" in said.data) onDone(said.data.done);
			else onProblem?.(new NotBroughtIn(said.data.problem, said.data.detail));
		},
	});
	switch (ended.end) {
		case "exit":
			return ended;
		case "late":
			throw new NotBroughtIn("too_long");
		case "cancelled":
			throw new NotBroughtIn("cancelled");
		case "excess":
			throw new NotBroughtIn("too_large", ended.reason);
		case "locked":
			throw new NotBroughtIn("not_empty");
	}
}

/** Said before anything is started; the way out looks again, and connects to what it found. */
async function refusePrivate({ host }: GitAddress, { way }: Filling): Promise<void> {
	try {
		await publicAddresses(way?.resolve ?? systemResolve, host);
	} catch (error) {
		if (!(error instanceof EgressRefusal)) throw error;
		throw new NotBroughtIn(error.kind === "private_address" ? "private_address" : "unreachable", host);
	}
}

function gitFailure(
	{ code, complaint }: { code: number | null; complaint: string },
	token: string | undefined,
): NotBroughtIn {
	if (code === 127) return new NotBroughtIn("no_git");
	const is = (pattern: RegExp): boolean => pattern.test(complaint);
	if (is(/Remote branch .* not found/)) return new NotBroughtIn("no_branch");
	if (is(/Authentication failed|could not read (?:Username|Password)|returned error: 40[13]/)) {
		return new NotBroughtIn("needs_token");
	}
	if (is(/repository .* not found|returned error: 404|does not appear to be a git repository/i)) {
		return new NotBroughtIn("no_repository");
	}
	if (is(/CONNECT tunnel failed, response 403|from proxy after CONNECT/)) return new NotBroughtIn("private_address");
	if (is(/Could not resolve|Failed to connect|CONNECT tunnel failed|timed out|SSL/))
		return new NotBroughtIn("unreachable");
	if (is(/No space left|File too large|file size limit/i)) return new NotBroughtIn("too_large");
	const line = lastLine(complaint);
	return new NotBroughtIn("failed", token === undefined ? line : line.replaceAll(token, "…"));
}

const lastLine = (complaint: string): string =>
	complaint
		.trim()
		.split(/[\r\n]/)
		.at(-1) ?? "";

function parsed(line: string): unknown {
	try {
		return JSON.parse(line);
	} catch {
		return undefined; // it is not of ours
	}
}
