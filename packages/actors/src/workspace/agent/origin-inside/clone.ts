/**
 * Runs alone in a sandbox: clones one repository into its working folder, by the one way out that there is. Its standard
 * input is JSON: `{ url, host, branch?, token? }`. Says what git tells of its progress as `{"done":0.5}`; what git complained
 * of is its error output. No hook, submodule, filter or other protocol. Built-in modules only.
 */
import { spawn } from "node:child_process";
import { connect, createServer } from "node:net";
import { text } from "node:stream/consumers";

const [port = "", socket = ""] = process.argv.slice(2);
const TELL_MS = 500;
const COMPLAINT_CHARS_MAX = 4_000;
const wish = JSON.parse(await text(process.stdin)) as { url: string; host: string; branch?: string; token?: string };

// What git connects to is a port of this sandbox's own loopback; what lies behind it decides where it leads.
const way = createServer({ allowHalfOpen: true }, (inner) => {
	const outer = connect({ path: socket, allowHalfOpen: true });
	inner.pipe(outer).pipe(inner);
	for (const [one, other] of [
		[inner, outer],
		[outer, inner],
	] as const) {
		one.on("error", () => other.destroy()).on("close", () => other.destroy());
	}
});
await new Promise<void>((resolve) => way.listen(Number(port), "127.0.0.1", resolve));

const helper =
	'!f() { test "$1" = get && printf "username=%s\\npassword=%s\\n" "$BULLPEN_GIT_USER" "$BULLPEN_GIT_TOKEN"; }; f';
const settings = {
	"core.hooksPath": "/dev/null",
	"core.fsmonitor": "false",
	"credential.helper": "",
	"filter.lfs.process": "",
	"filter.lfs.required": "false",
	"filter.lfs.smudge": "",
	"http.proxy": `http://127.0.0.1:${port}`,
	"protocol.allow": "never",
	"protocol.https.allow": "always",
	"submodule.recurse": "false",
	"transfer.bundleURI": "false",
};
const options = [
	...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
	...(wish.token === undefined ? [] : ["-c", `credential.https://${wish.host}.helper=${helper}`]),
];
const branch = wish.branch === undefined ? [] : [`--branch=${wish.branch}`];
const git = spawn(
	"git",
	[...options, "clone", "--progress", "--no-recurse-submodules", "--template=", ...branch, "--", wish.url, "."],
	{
		stdio: ["ignore", "ignore", "pipe"],
		env: {
			PATH: process.env.PATH,
			HOME: process.env.HOME,
			LANG: "C.UTF-8",
			GIT_CONFIG_GLOBAL: "/dev/null",
			GIT_CONFIG_NOSYSTEM: "1",
			GIT_TERMINAL_PROMPT: "0",
			GIT_LFS_SKIP_SMUDGE: "1",
			...(process.env.GIT_SSL_CAINFO === undefined ? {} : { GIT_SSL_CAINFO: process.env.GIT_SSL_CAINFO }),
			...(wish.token === undefined ? {} : { BULLPEN_GIT_TOKEN: wish.token, BULLPEN_GIT_USER: userFor(wish.host) }),
		},
	},
);
let complaint = "";
let toldAt = 0;
git.stderr.setEncoding("utf8").on("data", (chunk: string) => {
	complaint = (complaint + chunk).slice(-COMPLAINT_CHARS_MAX);
	const done = doneOf(chunk);
	if (done === undefined || performance.now() < toldAt + TELL_MS) return;
	toldAt = performance.now();
	process.stdout.write(`${JSON.stringify({ done })}\n`);
});
git.on("error", () => process.exit(127));
git.on("close", (code) => {
	process.stderr.write(complaint, () => process.exit(code ?? 1));
});

/** Getting is most of it, then the files are made of it. */
function doneOf(chunk: string): number | undefined {
	const [from, part] = /Updating files/.test(chunk) ? [0.9, 0.1] : /Resolving/.test(chunk) ? [0.75, 0.15] : [0, 0.75];
	const percent = /(?:Receiving objects|Resolving deltas|Updating files): +(\d{1,3})%/.exec(chunk)?.[1];
	return percent === undefined ? undefined : from + part * Math.min(1, Number(percent) / 100);
}

/** Most take any name with a token; Bitbucket wants this one. */
function userFor(host: string): string {
	return host === "bitbucket.org" ? "x-token-auth" : "oauth2";
}
