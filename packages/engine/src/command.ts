import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type BootSettings, readBootSettings } from "./boot.ts";
import { ensureBubblewrap } from "./bubblewrap.ts";
import { isFree } from "./port.ts";
import { Refusal } from "./refusal.ts";
import { watchSources } from "./source-watch.ts";
import { type Stack, startStack } from "./stack.ts";
import { watchStarters } from "./starters.ts";

const PORTS_TRIED = 50;
const STARTERS_ASK_MS = 1_000;

/** What `pnpm dev` and `pnpm start` do: start everything, say where it is, and end with Ctrl-C. */
export async function runBullpen(mode: BootSettings["mode"]): Promise<void> {
	const asked = new AbortController();
	onEnd(() => asked.abort());
	try {
		const settings = readBootSettings(process.env, mode);
		const port = await choosePort(settings);
		const [stack] = await Promise.all([start(settings, port, asked.signal), ensureBubblewrap(print)]);
		welcome(stack, mode);
		const unwatch = mode === "development" ? watchSources((parts) => restart(stack, parts)) : () => undefined;
		await whenAborted(asked.signal);
		unwatch();
		await stack.stop();
	} catch (error) {
		if (asked.signal.aborted) return;
		const reason = error instanceof Error ? error.message : String(error);
		print(error instanceof Refusal ? reason : `Bullpen did not start: ${reason}`);
		process.exitCode = 1;
	} finally {
		process.exit(); // apt-get, if it still runs, ends by itself
	}
}

async function start(settings: BootSettings, port: number, signal: AbortSignal): Promise<Stack> {
	const { mode, host, dataFolder, publicUrl, forAll, forWeb, forEdge, forWorkspaces } = settings;
	const web = { ...forAll, ...forWeb, ...(settings.hasNameSignIn && { BULLPEN_NAME_SIGN_IN: "1" }) };
	return await startStack({
		dataFolder,
		mode,
		host,
		port,
		...(publicUrl !== undefined && { publicUrl }),
		env: { rooms: forAll, workspaces: { ...forAll, ...forWorkspaces }, web, edge: { ...forAll, ...forEdge } },
		signal,
		report: print,
	});
}

async function choosePort({ mode, host, port }: BootSettings): Promise<number> {
	for (let candidate = port; candidate < port + PORTS_TRIED; candidate++) {
		if (await isFree(candidate, host)) {
			if (candidate !== port) print(`Port ${port} is taken; using ${candidate}.`);
			return candidate;
		}
		if (mode === "production") throw new Refusal(`Port ${port} is taken: stop what uses it, or set PORT.`);
	}
	throw new Refusal(`Ports ${port} to ${port + PORTS_TRIED - 1} are taken: set PORT.`);
}

function welcome({ dataFolder, publicUrl }: Stack, mode: BootSettings["mode"]): void {
	const ownerLink = mode === "production" ? readOwnerLink(dataFolder) : undefined;
	if (ownerLink) print(`\n  Nobody owns this server yet. Whoever opens this link first does:\n  ${ownerLink}`);
	print(`\n  Bullpen is at ${publicUrl}\n`);
}

/** Made by the web while there is no owner: works once. */
function readOwnerLink(dataFolder: string): string | undefined {
	try {
		return readFileSync(join(dataFolder, "owner-link"), "utf8").trim() || undefined;
	} catch {
		return undefined; // there is an owner
	}
}

function restart(stack: Stack, parts: Iterable<Parameters<Stack["restart"]>[0]>): void {
	for (const part of parts) {
		print(`${part.padEnd(12)}changed`);
		void stack.restart(part);
	}
}

/** Ctrl-C, a stop by the system, a closed terminal; and the end of what started us, however it went. */
function onEnd(end: () => void): void {
	for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, end);
	process.stdout.on("error", end); // whoever read it is gone
	if (process.env.npm_lifecycle_event === undefined) return;
	const areThere = watchStarters();
	setInterval(() => areThere() || end(), STARTERS_ASK_MS).unref();
}

const whenAborted = (signal: AbortSignal): Promise<void> =>
	new Promise((resolve) => {
		if (signal.aborted) resolve();
		signal.addEventListener("abort", () => resolve(), { once: true });
	});

function print(line: string): void {
	process.stdout.write(`${line}\n`);
}
