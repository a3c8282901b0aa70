import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import { LIMITS, type Limits } from "@bullpen/domain/limits";
import { type AgentHost, type AgentHostOptions, createAgentHost } from "../src/workspace/agent/agent-host.ts";
import { agentMigrations } from "../src/workspace/agent/migrations.ts";

let made = 0;

/** One workspace in a real sandbox, whose demo agent runs what a test wants to try there. */
export class Cell {
	readonly id = `w-cell-${++made}`;
	readonly folder: string;
	readonly host: AgentHost;
	readonly #database = new DatabaseSync(":memory:");
	#output = "";
	#isClosed = false;

	constructor(dataDir: string, limits: Partial<Limits> = {}, options: Partial<AgentHostOptions> = {}) {
		this.folder = join(dataDir, "workspaces", this.id);
		for (const statement of agentMigrations) this.#database.exec(statement);
		const host = createAgentHost({
			workspaceId: this.id,
			agent: "demo",
			dataDir,
			limits: { ...LIMITS, agentCancelMs: 500, ...limits },
			now: Date.now,
			db: { execute: async (sql, ...args) => this.#database.prepare(sql).all(...(args as SQLInputValue[])) },
			allowVirtual: false,
			onEvent: ({ payload }) => this.#hear(payload),
			onPermission: ({ requestId }) => void host.answerPermission(requestId, "allow_once"),
			onState: () => undefined,
			...options,
		});
		this.host = host;
	}

	/** What this shell script prints, in the sandbox. Rejects when the agent breaks. */
	async run(script: string): Promise<string> {
		return this.script("try.sh", script, "sh");
	}

	/** What a program prints that is put into the workspace's files and run there. */
	async script(name: string, text: string, program = "node"): Promise<string> {
		await this.host.start();
		writeFileSync(join(this.folder, "files", name), text);
		this.#output = "";
		await this.host.prompt(`run \`${program} ${name}\``);
		return this.#output;
	}

	/** The processes of its sandbox, as the host sees them. `said`: those whose command line has this in it. */
	processes(said = ""): number[] {
		const all = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
		const parents = new Map(all.map((name) => [Number(name), Number(/PPid:\s*(\d+)/.exec(read(name, "status"))?.[1])]));
		const roots = all.filter((name) => read(name, "cmdline").includes(`${this.folder}/`)).map(Number);
		const isBelow = (pid: number): boolean => roots.includes(pid) || (parents.has(pid) && isBelow(parents.get(pid)!));
		const isSaid = (pid: number): boolean => read(String(pid), "cmdline").includes(said);
		return [...parents.keys()].filter((pid) => pid > 1 && isBelow(pid) && isSaid(pid));
	}

	stop(): Promise<void> {
		return this.host.stop();
	}

	async close(): Promise<void> {
		if (this.#isClosed) return;
		this.#isClosed = true;
		await this.host.stop();
		this.#database.close();
	}

	#hear(payload: object): void {
		const { params } = payload as { params?: { update?: { content?: unknown; sessionUpdate?: string } } };
		if (params?.update?.sessionUpdate !== "tool_call_update" || !Array.isArray(params.update.content)) return;
		const [first] = params.update.content as { content?: { text?: string } }[];
		this.#output = first?.content?.text ?? this.#output;
	}
}

function read(pid: string, file: string): string {
	try {
		return readFileSync(`/proc/${pid}/${file}`, "utf8");
	} catch {
		return ""; // it ended
	}
}
