/** A process for tests that hosts one agent in the middle of a turn until it is killed. Arguments: data folder, workspace. */
import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import { LIMITS } from "@bullpen/domain/limits";
import { createAgentHost } from "./agent-host.ts";
import { agentMigrations } from "./migrations.ts";

const [dataDir = "", workspaceId = ""] = process.argv.slice(2);
const database = new DatabaseSync(":memory:");
for (const statement of agentMigrations) database.exec(statement);

const host = createAgentHost({
	workspaceId,
	agent: "demo",
	dataDir,
	limits: LIMITS,
	now: Date.now,
	db: { execute: async (sql, ...args) => database.prepare(sql).all(...(args as SQLInputValue[])) },
	onEvent: () => undefined,
	onPermission: ({ requestId }) => void host.answerPermission(requestId, "allow_once"),
	onState: () => undefined,
});
await host.prompt("run `id -u > a.txt; sleep 1000`");
