import { randomUUID } from "node:crypto";
import { chmod, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type AgentKind, CONFIG_PATH, type ModelPlace, PACKAGE_PATH } from "./agents/agent-kind.ts";
import type { ModelDoor } from "./model-door.ts";

/** Where Sandbox Agent looks for launchers below: `XDG_DATA_HOME`, so that no agent can put one there. */
const DATA_HOME_PATH = "/opt/share";
export const MODEL_SOCKET_PATH = "/opt/model/model.sock";
export const MODEL_PORT = 2469;
export const EGRESS_SOCKET_PATH = "/opt/egress/egress.sock";
export const EGRESS_PORT = 2470;
const TOKEN_VARIABLE = "BULLPEN_MODEL_TOKEN";

/** What one sandbox is given to run its agent. */
export interface LaunchPlan {
	readonly readOnly: readonly { readonly from: string; readonly to: string }[];
	readonly environment: Readonly<Record<string, string>>;
	/** Never on a command line and in no file. */
	readonly secrets: Readonly<Record<string, string>>;
}

export interface LaunchPlanOptions {
	readonly agent: AgentKind;
	/** The folder of the agent's package on the host; undefined where it has none. */
	readonly packageFolder: string | undefined;
	/** The workspace's folder for this on the host: what is in it is shown read-only. */
	readonly folder: string;
	readonly door?: { readonly door: ModelDoor; readonly socketPath: string } | undefined;
	/** The socket of the way to named hosts, where there is one. */
	readonly egressSocketPath?: string | undefined;
}

/** Writes the agent's launcher and configuration beside the workspace's files, where the agent cannot reach them. */
export async function planLaunch({
	agent,
	packageFolder,
	folder,
	door,
	egressSocketPath,
}: LaunchPlanOptions): Promise<LaunchPlan> {
	const models = door && modelPlace(door.door);
	const launch = agent.launch({ folder: PACKAGE_PATH, arch: process.arch, ...(models && { models }) });
	const programs = join(folder, "programs");
	const words = launch.command.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
	// The variable is the server's: an agent keeps its own data in its home.
	const script = `#!/bin/sh\nunset XDG_DATA_HOME\nexec ${words}\n`;
	await write(join(programs, "agent_processes", `${agent.sdkName}-acp`), script, 0o755);
	// Sandbox Agent wants to find the agent's own program too, which its adapter brings or replaces.
	await write(join(programs, agent.sdkName), "#!/bin/sh\nexit 1\n", 0o755);
	const config = join(folder, "config");
	await mkdir(config, { recursive: true, mode: 0o755 });
	for (const [name, text] of Object.entries(launch.files ?? {})) await write(join(config, name), text, 0o644);
	const token = door?.door.token;
	const tokenVariables = [TOKEN_VARIABLE, ...(launch.tokenVariables ?? [])];
	return {
		readOnly: [
			{ from: programs, to: `${DATA_HOME_PATH}/sandbox-agent/bin` },
			{ from: config, to: CONFIG_PATH },
			...(packageFolder === undefined ? [] : [{ from: packageFolder, to: PACKAGE_PATH }]),
			...(door ? [{ from: door.socketPath, to: MODEL_SOCKET_PATH }] : []),
			...(egressSocketPath === undefined ? [] : [{ from: egressSocketPath, to: EGRESS_SOCKET_PATH }]),
			...(launch.readOnly ?? []),
		],
		environment: {
			...launch.environment,
			...(egressSocketPath === undefined ? {} : proxyVariables),
			XDG_DATA_HOME: DATA_HOME_PATH,
		},
		secrets: token === undefined ? {} : Object.fromEntries(tokenVariables.map((name) => [name, token])),
	};
}

const EGRESS_URL = `http://127.0.0.1:${EGRESS_PORT}`;
const INSIDE = "127.0.0.1,localhost,::1";

/** How programs are told of a proxy: by either spelling, as each of them wants it. */
const proxyVariables: Readonly<Record<string, string>> = {
	HTTP_PROXY: EGRESS_URL,
	HTTPS_PROXY: EGRESS_URL,
	NO_PROXY: INSIDE,
	http_proxy: EGRESS_URL,
	https_proxy: EGRESS_URL,
	no_proxy: INSIDE,
};

function modelPlace({ provider, model }: ModelDoor): ModelPlace {
	const url = `http://127.0.0.1:${MODEL_PORT}/${provider}`;
	return { provider, url, tokenVariable: TOKEN_VARIABLE, ...(model === undefined ? {} : { model }) };
}

/** All at once: a sandbox that is just ending may be reading the file. */
async function write(path: string, text: string, mode: number): Promise<void> {
	const half = `${path}.${randomUUID()}`;
	await mkdir(dirname(path), { recursive: true, mode: 0o755 });
	try {
		await writeFile(half, text);
		await chmod(half, mode);
		await rename(half, path);
	} finally {
		await rm(half, { force: true });
	}
}
