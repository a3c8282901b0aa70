import type { Provider } from "@bullpen/credentials/provider";
import type { AgentName } from "@bullpen/domain/agent-name";

/** One kind of agent. An agent is one file beside this one; see docs/how-to/add-an-agent.md. */
export interface AgentKind {
	readonly name: AgentName;
	/** What people call it. */
	readonly title: string;
	/** The name Sandbox Agent knows it by: its launcher is `agent_processes/<sdkName>-acp`. Never leaves the agent host. */
	readonly sdkName: string;
	/** The programs it consists of, unless they are part of Bullpen. */
	readonly package?: AgentPackage;
	/** Any one of these is enough, the first is preferred. Empty: it needs no model. */
	readonly providers: readonly Provider[];
	/** Whether it can work in memory, running nothing, where no sandbox is possible. */
	readonly isVirtual: boolean;
	/** The mode it works in from the start, where its own first one is not the right one. */
	readonly mode?: string;
	launch(place: LaunchPlace): Launch;
}

/** A pinned npm package. Its lock, `<agent>.lock.json`, pins everything below it and has the checksum of every file. */
export interface AgentPackage {
	readonly name: string;
	readonly version: string;
	/** What it takes on disk, and what its installation writes altogether (archives included): measured, for progress. */
	readonly installedBytes: number;
	readonly writtenBytes: number;
}

export interface LaunchPlace {
	/** Where the sandbox shows the agent's package: it holds `node_modules`. */
	readonly folder: string;
	readonly arch: NodeJS.Architecture;
	/** Absent for agents without a model. */
	readonly models?: ModelPlace;
}

/** How an agent reaches its model from inside: the proxy knows the key, the agent only this. */
export interface ModelPlace {
	readonly provider: Provider;
	/** Without a slash at its end; the provider's own paths (`/v1/…`) follow. */
	readonly url: string;
	/** The variable that holds the workspace's token; its value is in no file and on no command line. */
	readonly tokenVariable: string;
	/** The model to ask for, where the owner named one (servers that are only compatible with a provider). */
	readonly model?: string;
}

/** What runs inside the sandbox. Nothing here may be secret. */
export interface Launch {
	/** The command line that speaks ACP over stdio, run with `node` and the sandbox's own programs on PATH. */
	readonly command: readonly string[];
	/** Host folders shown read-only inside the sandbox, outside of what the agent can write. */
	readonly readOnly?: readonly { readonly from: string; readonly to: string }[];
	readonly environment?: Readonly<Record<string, string>>;
	/** Variables that must hold the token too, under the agent's own names. */
	readonly tokenVariables?: readonly string[];
	/** Configuration files by name, shown read-only in `CONFIG_PATH`. */
	readonly files?: Readonly<Record<string, string>>;
}

/** Where the sandbox shows an agent's configuration, its package, and where it would look for commands of its own. */
export const CONFIG_PATH = "/opt/config";
export const PACKAGE_PATH = "/opt/agent";
