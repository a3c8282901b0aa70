import { setup } from "rivetkit";
import { chatRoom } from "./chat-room/chat-room.ts";
import { directory } from "./directory/directory.ts";
import { FRAME_SIZES } from "./frame-sizes.ts";
import { environment, limits } from "./process.ts";
import { search } from "./search/search.ts";
import { userInbox } from "./user-inbox/user-inbox.ts";
import { createAgentHost } from "./workspace/agent/agent-host.ts";
import { confinement as localConfinement } from "./workspace/agent/confinement.ts";
import { dockerConfinement } from "./workspace/agent/docker.ts";
import { installAgent } from "./workspace/agent/list-agents.ts";
import { openKeys } from "./workspace/keys.ts";
import { workspaceActor } from "./workspace/workspace-actor.ts";

const { docker } = environment;
export const confinement = docker
	? dockerConfinement({ ...docker, answerMs: limits.sandboxDaemonAnswerMs })
	: localConfinement;
/**
 * In production a workspace is confined or not at all: nobody there should take a simulation for the real thing. Nor should
 * who asked for Docker.
 */
export const allowVirtual = environment.mode !== "production" && docker === undefined;
const createHost: typeof createAgentHost = (options) => createAgentHost({ ...options, allowVirtual, confinement });

/** Keys of model providers, opened once, and only by the process whose workspaces use them. */
export const modelKeys = environment.pool === "workspaces" ? openKeys() : undefined;

const workspace = workspaceActor(createHost, {
	keys: modelKeys,
	prepare: (agent) => installAgent(agent, { dataDir: environment.dataFolder, limits }),
});

/** Every actor of Bullpen. Both processes register all of them; the pool an actor is created in decides where it runs. */
export const registry = setup({
	use: { chatRoom, directory, search, userInbox, workspace },
	endpoint: environment.engine.url,
	token: environment.engine.token,
	envoy: { poolName: environment.pool },
	...FRAME_SIZES,
	startServices: false,
	noWelcome: true,
});
export type Registry = typeof registry;
