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
/** The parts of an address (RFC 3986, appendix B), as narrow as we need them. */
const ADDRESS =
	/^(?<scheme>[a-z]+):\/\/(?:(?<person>[^@/?#]*)@)?(?<host>[^@:/?#]*)(?::(?<port>\d{1,5}))?(?<path>\/.*)?$/i;
/** A name of at least two parts, the last of which is no number. */
const HOST_NAME = /^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/i;
/** Plain segments, and none that leads up. */
const PATH = /^\/(?!.*\/\.{1,2}(?:\/|$))[\w.~%!$&'()*+,;=:@/-]+$/;
/** What git takes for a branch (git-check-ref-format(1)), and more narrowly: no option, no range, nothing that is not printed. */
const BRANCH = /^[\p{L}\p{N}_][\p{L}\p{N}_./+@#-]{0,199}$/u;

/**
 * Only https, by a name, and without anybody's name or password in it. Where the name leads is looked at when it is used.
 * @throws Problem `bad_input`
 */
export const gitAddress = (raw: string): GitAddress => {
	const text = raw.trim();
	const parts = text.length <= URL_CHARS_MAX ? ADDRESS.exec(text)?.groups : undefined;
	if (parts?.scheme?.toLowerCase() !== "https") throw badUrl("Repositories are cloned by an https address.");
	if (parts.person !== undefined) throw badUrl("The address must not hold a name or a password.");
	const { host = "", path = "" } = parts;
	const port = Number(parts.port ?? 443);
	if (!HOST_NAME.test(host) || !PATH.test(path) || port < 1 || port > 65_535) {
		throw badUrl("This is not the address of a repository.");
	}
	const place = `${host.toLowerCase()}${port === 443 ? "" : `:${port}`}`;
	return { url: `https://${place}${path}`, host: host.toLowerCase(), port };
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
