import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import { type Provider, SERVER } from "@bullpen/credentials/provider";
import { ProviderKey } from "@bullpen/credentials/provider-key";
import { LIMITS } from "@bullpen/domain/limits";
import type { AgentState } from "@bullpen/domain/workspace";
import type { ScriptedModel } from "@bullpen/scripted-model/server";
import {
	type AgentHost,
	createAgentHost,
	type Exchange,
	type PermissionRequest,
	type SessionEvent,
} from "../../src/workspace/agent/agent-host.ts";
import { agentMigrations } from "../../src/workspace/agent/migrations.ts";
import { proxiedModels } from "../../src/workspace/agent/proxied-models.ts";
import { wordsOf } from "./updates.ts";

export const REAL_KEY = "sk-test-the-real-key-0123456789";

export interface AgentSiteOptions {
	readonly id: string;
	readonly agent: string;
	readonly provider: Provider;
	readonly dataDir: string;
	readonly model: ScriptedModel;
}

/** One workspace with a real agent, a real sandbox, the real proxy, and a scripted model behind it. */
export class AgentSite {
	readonly events: SessionEvent[] = [];
	readonly requests: PermissionRequest[] = [];
	/** Hosts that the sandbox was refused. */
	readonly refused = new Set<string>();
	readonly states: AgentState[] = [];
	readonly problems: unknown[] = [];
	readonly #options: AgentSiteOptions;
	readonly #database = new DatabaseSync(":memory:");
	/** How questions are answered: by the kind of an option. Null: not at all. */
	answer: string | null = "allow_once";
	past: Exchange[] = [];
	host: AgentHost;

	constructor(options: AgentSiteOptions) {
		this.#options = options;
		for (const statement of agentMigrations) this.#database.exec(statement);
		this.host = this.newHost();
	}

	/** As after a restart of the server: what is on disk and in the database stays, the rest is gone. */
	newHost(): AgentHost {
		const { id, agent, provider, dataDir, model } = this.#options;
		const limits = { ...LIMITS, agentStartMs: 60_000, agentFlushEveryMs: 20 };
		const host = createAgentHost({
			workspaceId: id,
			agent,
			dataDir,
			limits,
			now: Date.now,
			db: { execute: async (sql, ...args) => this.#database.prepare(sql).all(...(args as SQLInputValue[])) },
			// As every workspace has it: what the agent asks of other hosts is refused, and its model is none of them.
			egress: { rules: () => [], onRefused: ({ host }) => void this.refused.add(host) },
			models: proxiedModels({
				workspaceId: id,
				limits,
				resolve: (asked) =>
					asked === provider
						? {
								id: "test",
								provider,
								payer: SERVER,
								key: new ProviderKey(REAL_KEY),
								baseUrl: provider === "anthropic" ? model.url : `${model.url}/v1`,
								isPrivateAllowed: true,
								isAtProvider: false,
							}
						: undefined,
			}),
			recall: async () => this.past,
			onEvent: (event) => this.events.push(event),
			onPermission: (request) => {
				this.requests.push(request);
				const option = request.options.find(({ kind }) => kind === this.answer);
				if (option) void host.answerPermission(request.requestId, option.optionId);
			},
			onState: (state) => this.states.push(state),
			onProblem: (problem) => this.problems.push(problem),
		});
		this.host = host;
		return host;
	}

	get folder(): string {
		return join(this.#options.dataDir, "workspaces", this.#options.id);
	}

	file(name: string): string {
		return readFileSync(join(this.folder, "files", name), "utf8");
	}

	/** The agent's words of one turn. */
	async say(text: string): Promise<string> {
		const from = this.events.length;
		await this.host.prompt(text);
		return wordsOf(this.events.slice(from));
	}

	async close(): Promise<void> {
		await this.host.stop();
		this.#database.close();
	}
}
