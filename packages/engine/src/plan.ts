import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Child, Command } from "./child.ts";
import { ENVOY_VERSION, giveUpDeadProcesses, rememberProcesses } from "./dead-processes.ts";
import {
	type EngineOptions,
	endpointOf,
	engineAnswers,
	engineCommand,
	forgetDeadWorkers,
	locateEngine,
} from "./engine.ts";
import type { Keys } from "./keys.ts";
import type { PartPlan } from "./part.ts";
import { pageAnswers, until } from "./probe.ts";
import { Refusal } from "./refusal.ts";
import type { PartName } from "./run-file.ts";
import { type EnginePorts, NO_ENGINE_OF_ITS_OWN } from "./settings.ts";

const ROOT = resolve(import.meta.dirname, "../../..");

export type Mode = "development" | "production" | "test";

/** Where everything of one stack lives. */
export type Place = {
	readonly dataFolder: string;
	readonly mode: Mode;
	readonly keys: Keys;
	readonly ports: EnginePorts & { readonly web: number; readonly public: number };
	readonly host: string;
	readonly publicUrl: string;
	readonly actorsFile: string;
	/** Further variables of each part, over ours. */
	readonly env: Readonly<Partial<Record<PartName, Readonly<Record<string, string>>>>>;
	readonly readyMs: number;
};

export const ACTORS_FILE = join(ROOT, "packages/actors/src/server.ts");
const WEB = join(ROOT, "apps/web");

/** How each part is started, and how it is known to work. `engineReady` holds back what cannot live without it. */
export function planOf(name: PartName, place: Place, engineReady: () => Promise<void>): PartPlan {
	switch (name) {
		case "engine":
			locateEngine();
			return {
				name,
				command: () => engine(place),
				ready: (child) => engineReadiness(place, child),
				before: () => forgetDeadWorkers(engineOptions(place)),
			};
		case "rooms":
		case "workspaces":
			return {
				name,
				command: () => actors(place, name),
				ready: async (child) => {
					const remembered = rememberProcesses(engineOptions(place), name, engineOptions(place).folder);
					await Promise.all([child.printed(/^actors ready$/), remembered]);
				},
				before: async () => {
					await engineReady();
					giveUpDeadProcesses(engineOptions(place), name, engineOptions(place).folder);
				},
			};
		case "web":
			assertBuilt(place);
			return { name, command: () => web(place), ready: (child) => webReadiness(place, child) };
		case "edge":
			return { name, command: () => edge(place), ready: (child) => child.printed(/^edge ready$/) };
	}
}

const engineOptions = ({ dataFolder, ports, keys }: Place): EngineOptions => ({
	folder: join(dataFolder, "engine"),
	ports,
	token: keys.engineToken,
});

function engine(place: Place): Command {
	const command = engineCommand(engineOptions(place));
	return { ...command, env: { ...command.env, ...place.env.engine } };
}

function engineReadiness({ ports, keys, readyMs }: Place, child: Child): Promise<void> {
	const ask = () => engineAnswers({ ports, token: keys.engineToken }, 1_000);
	return until("the engine", readyMs, ask, () => !child.isRunning());
}

function actors(place: Place, pool: "rooms" | "workspaces"): Command {
	return {
		file: process.execPath,
		args: ["--disable-warning=ExperimentalWarning", place.actorsFile],
		env: {
			...common(place),
			...engineAccess(place),
			RIVET_POOL: pool,
			RIVET_ENVOY_VERSION: ENVOY_VERSION, // all processes of one machine are of one version
			...NO_ENGINE_OF_ITS_OWN,
			...place.env[pool],
		},
	};
}

function web(place: Place): Command {
	return {
		file: process.execPath,
		args: [
			"--disable-warning=ExperimentalWarning",
			join(WEB, "node_modules/next/dist/bin/next"),
			place.mode === "development" ? "dev" : "start",
			"--hostname=127.0.0.1",
			`--port=${place.ports.web}`,
		],
		cwd: WEB,
		env: {
			...common(place),
			...engineAccess(place),
			PORT: String(place.ports.web),
			NEXT_TELEMETRY_DISABLED: "1",
			...place.env.web,
		},
	};
}

function assertBuilt({ mode }: Place): void {
	if (mode === "development" || existsSync(join(WEB, ".next/BUILD_ID"))) return;
	throw new Refusal("The web pages are not built yet: run `pnpm build` first.");
}

/** Its first page, so that in development the person who opens the address does not wait for the compiler. */
async function webReadiness({ mode, ports, readyMs }: Place, child: Child): Promise<void> {
	const origin = `http://127.0.0.1:${ports.web}`;
	const ask = () => pageAnswers(`${origin}/sign-in`, readyMs);
	await until("the web", readyMs, ask, () => !child.isRunning());
	if (mode === "development") void compileAhead(origin);
}

/**
 * Next compiles a page in development when it is first asked for. This asks in the order in which a person will, while they
 * still type their name; the cookie is no session and is answered with a redirect, after the page was compiled.
 */
async function compileAhead(origin: string): Promise<void> {
	for (const path of ["/api/sign-in/name", "/r/general", "/api/ticket", "/w/none"])
		await pageAnswers(`${origin}${path}`, 60_000, { cookie: "bullpen.session_token=none" });
}

function edge(place: Place): Command {
	return {
		file: process.execPath,
		args: ["--disable-warning=ExperimentalWarning", join(ROOT, "apps/edge/src/main.ts")],
		env: {
			...common(place),
			RIVET_ENDPOINT: endpointOf(place.ports), // no token: it only ever connects to actors
			BULLPEN_HOST: place.host,
			PORT: String(place.ports.public),
			BULLPEN_WEB_URL: `http://127.0.0.1:${place.ports.web}`,
			...place.env.edge,
		},
	};
}

function common({ dataFolder, mode, keys, publicUrl }: Place): Record<string, string> {
	return {
		BULLPEN_DATA: dataFolder,
		BULLPEN_KEYS: keys.folder,
		BULLPEN_MODE: mode,
		BULLPEN_PUBLIC_URL: publicUrl,
		NODE_ENV: mode === "development" ? "development" : "production",
		RUST_BACKTRACE: "0",
	};
}

const engineAccess = ({ ports, keys }: Place): Record<string, string> => ({
	RIVET_ENDPOINT: endpointOf(ports),
	RIVET_TOKEN: keys.engineToken,
});
