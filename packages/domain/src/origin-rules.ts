import type { WorkspaceOrigin } from "./origin.ts";
import { Problem } from "./problem.ts";

/** A repository's address, taken apart. Nothing of it is secret. */
export interface GitAddress {
	readonly url: string;
	readonly host: string;
	readonly port: number;
}

const URL_CHARS_MAX = 1_000;
const TOKEN = /^[\x21-\x7e]{1,400}$/;
/** What git takes for a branch (git-check-ref-format(1)), and more narrowly: no option, no range, nothing that is not printed. */
const BRANCH = /^[\p{L}\p{N}_][\p{L}\p{N}_./+@#-]{0,199}$/u;

/**
 * Only https, by a name, and without anybody's name or password in it. Where the name leads is looked at when it is used.
 * @throws Problem `bad_input`
 */
export const gitAddress = (raw: string): GitAddress => {
	const text = raw.trim();
	const url = text.length <= URL_CHARS_MAX && URL.canParse(text) ? new URL(text) : undefined;
	if (url?.protocol !== "https:") throw badUrl("Repositories are cloned by an https address.");
	if (url.username !== "" || url.password !== "") throw badUrl("The address must not hold a name or a password.");
	const isPlain = url.search === "" && url.hash === "" && url.pathname.length > 1;
	const isName = /\.[a-z][a-z0-9-]*$/.test(url.hostname) && !url.hostname.includes("[");
	if (!isPlain || !isName) throw badUrl("This is not the address of a repository.");
	return { url: url.href, host: url.hostname, port: url.port === "" ? 443 : Number(url.port) };
};

/** @throws Problem `bad_input` */
export const gitBranch = (raw: string): string => {
	const branch = raw.trim();
	const isOdd = branch.includes("..") || branch.includes("@{") || branch.includes("//") || /[./]$|\.lock$/.test(branch);
	if (BRANCH.test(branch) && !isOdd) return branch;
	throw new Problem("bad_input", "This is not the name of a branch.", { field: "branch" });
};

/** @throws Problem `bad_input` */
export const gitToken = (raw: string): string => {
	if (TOKEN.test(raw.trim())) return raw.trim();
	throw new Problem("bad_input", "This is not a token.", { field: "token" });
};

/**
 * Files come into a workspace once, before anything has happened in it; what failed may be tried again.
 * @throws Problem `busy` while it goes on · `bad_input` when it is too late
 */
export const refuseUnlessFresh = (origin: WorkspaceOrigin | undefined, hasBegun: boolean): void => {
	if (origin?.state === "running") throw new Problem("busy", "Files are coming in already.", { state: "running" });
	if (hasBegun || origin?.state === "done") {
		throw new Problem("bad_input", "This workspace has begun: make another one for these files.", { field: "kind" });
	}
};

const badUrl = (sentence: string): Problem => new Problem("bad_input", sentence, { field: "url" });
