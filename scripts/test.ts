import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runChecks } from "./checks.ts";
import { type Counts, playwrightCounts, verdict, vitestCounts, write } from "./report.ts";
import { packageFolders, ROOT, readManifest, repositoryFiles } from "./repository.ts";
import { inLanes } from "./step.ts";
import { runSuite, type Suite } from "./suite.ts";

const isNightly = process.argv.includes("--nightly");
const minutes = (quick: number, nightly: number): number => (isNightly ? nightly : quick) * 60_000;
const folder = mkdtempSync(join(tmpdir(), "bullpen-test-"));
process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
const env = { RUST_BACKTRACE: "0", NEXT_TELEMETRY_DISABLED: "1", ...(isNightly && { NIGHTLY: "1" }) };

function suites(): Suite[] {
	const packages = packageFolders(repositoryFiles(ROOT)).filter((each) =>
		readManifest(join(ROOT, each)).scripts?.test?.startsWith("vitest"),
	);
	return [
		vitest("house", "scripts"),
		vitest("packages/actors", "packages/actors", { without: [...OF_WORKSPACES, ...OF_SANDBOXES] }),
		vitest("packages/actors, workspaces", "packages/actors", { files: OF_WORKSPACES }),
		vitest("packages/actors, sandboxes", "packages/actors", { files: OF_SANDBOXES }),
		...LONG_NEXT.map((each) => vitest(each, each)),
		vitest("packages/actors, through the edge", "packages/actors", {
			files: isNightly ? ["test/"] : BY_EDGE,
			variables: VIA_EDGE,
		}),
		...(isNightly
			? [vitest("packages/client, through the edge", "packages/client", { files: ["test/"], variables: VIA_EDGE })]
			: []),
		...packages.filter((each) => !LONG.has(each)).map((each) => vitest(each, each)),
	];
}

/** What needs the machine to itself. */
function browserSuites(): Suite[] {
	return [
		browser("in the browser"),
		browser("in the browser, tunnelled", {
			files: isNightly ? [] : ["smoke", "hook"],
			variables: { BULLPEN_EDGE_MODE: "tunnel" },
		}),
	];
}

const WEB_BUILD: Suite = {
	name: "web build",
	command: ["next", "build"],
	cwd: join(ROOT, "apps/web"),
	timeoutMs: minutes(8, 8),
	env,
};

/** `--agents`: all real agents, below the browser and in it. What no run before has left is downloaded first. */
const agentSuites = (): Suite[] => [
	vitest("real agents", "packages/actors", {
		files: ["--config", "vitest.agents.config.ts"],
		timeoutMs: minutes(45, 45),
	}),
	WEB_BUILD,
	browser("real agents in the browser", { files: ["agents"], variables: { BULLPEN_TEST_AGENTS: "all" } }),
];

/** Much of a test is waiting for something to die or to come back. */
const LANES = 3;

const VIA_EDGE = { BULLPEN_TEST_VIA: "edge" };

/** What takes a minute or more, the longest first: so that no lane is left with it while the other has ended. */
const LONG_NEXT = ["apps/edge", "packages/client", "packages/engine"];
const LONG: ReadonlySet<string> = new Set(["packages/actors", ...LONG_NEXT]);

/** Two thirds of what the actors have, by time. */
const OF_WORKSPACES = ["test/workspace"];
const OF_SANDBOXES = ["test/codex", "test/escape", "src/workspace"];

/** What every run proves of both ways to an actor, straight and relayed; the whole contract takes as long again. */
const BY_EDGE = ["chat-room", "user-inbox", "membership", "rates", "hostile"].map((each) => `test/${each}`);

interface Selection {
	readonly files?: readonly string[];
	readonly without?: readonly string[];
	readonly variables?: Readonly<Record<string, string>>;
	readonly timeoutMs?: number;
}

const vitest = (
	name: string,
	cwd: string,
	{ files = [], without = [], variables = {}, timeoutMs = minutes(9, 90) }: Selection = {},
): Suite => ({
	name: `tests: ${name}`,
	command: [
		"vitest",
		"run",
		"--reporter=default",
		"--reporter=json",
		`--outputFile.json=${reportOf(`tests: ${name}`)}`,
		...without.map((each) => `--exclude=${each}*/**`),
		...without.map((each) => `--exclude=${each}*`),
		...files,
	],
	cwd: join(ROOT, cwd),
	timeoutMs,
	env: { ...env, ...variables },
	report: { path: reportOf(`tests: ${name}`), counts: vitestCounts },
});

const browser = (name: string, { files = [], variables = {} }: Selection = {}): Suite => ({
	name,
	command: ["playwright", "test", "--reporter=list,json", ...files],
	cwd: join(ROOT, "apps/e2e"),
	timeoutMs: minutes(12, 60),
	env: { ...env, ...variables, PLAYWRIGHT_JSON_OUTPUT_FILE: reportOf(name) },
	report: { path: reportOf(name), counts: playwrightCounts },
});

const reportOf = (name: string): string => join(folder, `${name.replaceAll(/\W+/g, "-")}.json`);

/** What waits for nothing, in the time that tests spend waiting. One after the other: both write what Next makes. */
const besides = async (): Promise<Counts[]> => [
	await runChecks({ isPatient: true }),
	await runSuite({ ...WEB_BUILD, isPatient: true }),
];

const results: Counts[] = [];
const isOfAgents = process.argv.includes("--agents");
if (!isOfAgents) {
	const jobs = [besides, ...suites().map((suite) => async () => [await runSuite(suite)])];
	results.push(...(await inLanes(jobs, LANES, (job) => job())).flat());
}
for (const suite of isOfAgents ? agentSuites() : browserSuites()) results.push(await runSuite(suite));
const { line, exitCode } = verdict(results);
write(line);
process.exitCode = exitCode;
