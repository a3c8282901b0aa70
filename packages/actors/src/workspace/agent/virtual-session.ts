import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { attachedNames } from "@bullpen/demo-agent/attached";
import { runTurn } from "@bullpen/demo-agent/brain";
import { newConversation, readConversation } from "@bullpen/demo-agent/conversation";
import { virtualTree } from "@bullpen/demo-agent/virtual-tree";
import { permissionSubject } from "@bullpen/domain/permission-subject";
import { Problem } from "@bullpen/domain/problem";
import type { SessionEvent } from "sandbox-agent";
import { z } from "zod";
import { type AgentSession, SESSION_ID, type SessionContext } from "./agent-session.ts";
import type { AttachedFile } from "./attached-file.ts";
import { WORKSPACE_PATH } from "./bubblewrap.ts";
import { promptBlocks, withoutContents } from "./prompt-blocks.ts";

const WORDS_MS = 15;
const FileRow = z.object({ path: z.string(), text: z.string() });
/** The demo agent takes every file as it is, so none has to be kept for it. */
const ABLE = { image: true, embeddedContext: true };
const noNeed = () => Promise.reject(new Error("The demo agent takes files."));

/**
 * The demo agent in this process, on a tree of files kept in the actor's database: nothing can be run, nothing of the
 * machine can be seen. Its events have the shape of Sandbox Agent's and go through the same driver.
 */
export async function openVirtualSession(context: SessionContext, refusal: string): Promise<AgentSession> {
	const { db, driver } = context;
	const files = await context.tree.files();
	const workspace = virtualTree({ files, keep: (path, text) => context.tree.keep(path, text), refusal });
	let conversation = await storedConversation(context);
	const write = await eventWriter(context);
	const agentSessionId = (await driver.getSession(SESSION_ID))?.agentSessionId ?? randomUUID();
	await driver.updateSession({
		id: SESSION_ID,
		agent: context.agent.sdkName,
		agentSessionId,
		lastConnectionId: write.connectionId,
		createdAt: (await driver.getSession(SESSION_ID))?.createdAt ?? context.now(),
		sandboxId: "virtual/0",
	});

	let running: AbortController | undefined;
	let rpcId = 0;
	const open = new Map<string, { optionIds: ReadonlySet<string>; settle: (optionId: string | undefined) => void }>();

	async function paths(): Promise<string[]> {
		const kept = await db.execute("SELECT path FROM agent_files ORDER BY path LIMIT ?", context.limits.pathsMax);
		return kept.map((row) => FileRow.pick({ path: true }).parse(row).path);
	}

	async function prompt(text: string, files: readonly AttachedFile[]): Promise<{ stopReason: string }> {
		const turn = new AbortController();
		running = turn;
		const id = ++rpcId;
		const place = { abilities: ABLE, folder: WORKSPACE_PATH, paths: async () => new Set(await paths()), save: noNeed };
		const blocks = await promptBlocks(text, files, place, context.limits);
		const params = { sessionId: agentSessionId, prompt: blocks };
		write.event("client", { jsonrpc: "2.0", id, method: "session/prompt", params });
		try {
			const stopReason = await runTurn(text, conversation, {
				workspace,
				attached: attachedNames(blocks),
				signal: turn.signal,
				emit: (update) => {
					const told = { sessionId: agentSessionId, update };
					write.event("agent", { jsonrpc: "2.0", method: "session/update", params: told });
				},
				ask: (request) => {
					const requestId = randomUUID();
					const asked = { sessionId: agentSessionId, ...request };
					write.event("agent", { jsonrpc: "2.0", id: requestId, method: "session/request_permission", params: asked });
					const { promise, resolve } = Promise.withResolvers<string | undefined>();
					const optionIds = new Set(request.options.map((option) => option.optionId));
					open.set(requestId, { optionIds, settle: resolve });
					turn.signal.addEventListener("abort", () => resolve(undefined), { once: true });
					context.onPermission({
						requestId,
						toolCallId: request.toolCall.toolCallId,
						title: request.toolCall.title,
						detail: JSON.stringify(request.toolCall.rawInput ?? {}),
						...permissionSubject(request.toolCall),
						options: request.options,
					});
					return promise;
				},
				remember: async (next) => {
					conversation = next;
					await db.execute(
						`INSERT INTO agent_conversations (session_id, conversation) VALUES (?, ?)
						 ON CONFLICT (session_id) DO UPDATE SET conversation = excluded.conversation`,
						SESSION_ID,
						JSON.stringify(next),
					);
				},
				pause: (of) => (of === "words" ? wait(WORDS_MS) : Promise.resolve()),
				toolCallId: () => `call-${randomUUID()}`,
			});
			write.event("agent", { jsonrpc: "2.0", id, result: { stopReason } });
			return { stopReason };
		} finally {
			running = undefined;
			open.clear();
		}
	}

	return {
		sandboxId: "virtual/0",
		prompt,
		async terminal() {
			throw new Problem("sandbox_unavailable", `There is no terminal here. ${refusal}`);
		},
		async cancel() {
			running?.abort();
		},
		choices: async () => ({}),
		choose: async () => undefined,
		async answer(requestId, optionId) {
			const request = open.get(requestId);
			if (!request?.optionIds.has(optionId)) return false;
			open.delete(requestId);
			request.settle(optionId);
			return true;
		},
		async close() {
			running?.abort();
		},
	};
}

async function storedConversation({ db }: SessionContext) {
	const [row] = await db.execute("SELECT conversation FROM agent_conversations WHERE session_id = ?", SESSION_ID);
	const stored = typeof row?.conversation === "string" ? readConversation(row.conversation) : undefined;
	return stored ?? newConversation(WORKSPACE_PATH);
}

/** Numbers events on from the last one stored, as the SDK does. */
async function eventWriter({ db, driver, now }: SessionContext) {
	const [row] = await db.execute("SELECT max(event_index) AS head FROM agent_events WHERE session_id = ?", SESSION_ID);
	let eventIndex = Number(row?.head ?? 0);
	const connectionId = randomUUID();
	return {
		connectionId,
		event(sender: SessionEvent["sender"], payload: SessionEvent["payload"]): void {
			const event = {
				id: randomUUID(),
				eventIndex: ++eventIndex,
				sessionId: SESSION_ID,
				createdAt: now(),
				connectionId,
				sender,
				payload,
			};
			// Buffered: it cannot fail once the session's head is known, which the first event waits for.
			void driver.insertEvent(SESSION_ID, withoutContents(event)).catch(() => undefined);
		},
	};
}
