import type { Socket } from "node:net";
import type { AgentChoices, ChoiceKind } from "@bullpen/domain/agent-choices";
import type { Limits } from "@bullpen/domain/limits";
import { permissionSubject } from "@bullpen/domain/permission-subject";
import {
	AcpRpcError,
	SandboxAgent,
	type SandboxProvider,
	type SessionPermissionRequest,
	type SessionPersistDriver,
	type SessionRecord,
} from "sandbox-agent";
import type { PermissionRequest } from "./agent-host.ts";
import { type AgentSession, SESSION_ID, type SessionContext, TurnFailed } from "./agent-session.ts";
import { readChoices } from "./choices.ts";
import { failureText } from "./failure-text.ts";
import { type HardenedFetch, hardenedFetch } from "./hardened-fetch.ts";
import { abilitiesIn, type PromptPlace, promptBlocks, withoutContents } from "./prompt-blocks.ts";
import { recallText } from "./recall.ts";
import { listPaths, saveAttached } from "./sandbox-files.ts";
import { openSandboxTerminal, type TerminalWish } from "./sandbox-terminal.ts";
import { within } from "./within.ts";

const DETAIL_CHARS_MAX = 4_000;

/** A sandbox as Sandbox Agent takes one: reached by a `fetch` of its own, never by an address others could use. */
export interface WorkspaceSandbox extends SandboxProvider {
	/** Where the workspace's files are inside. */
	readonly defaultCwd: string;
	getFetch(sandboxId: string): Promise<typeof globalThis.fetch>;
	/** A connection to its server, for what is no request and answer. */
	connect(sandboxId: string): Socket;
}

/** `onExit` is to be called when a sandbox that was created ends, whoever ended it. */
export type MakeSandbox = (onExit: (reason: string) => void) => WorkspaceSandbox;

/** Builds sandbox, transport, SDK and session from nothing. When it fails, nothing of it is left. */
export async function openSandboxSession(context: SessionContext, makeSandbox: MakeSandbox): Promise<AgentSession> {
	const broken = Promise.withResolvers<never>();
	broken.promise.catch(() => undefined); // only waited for while opening
	let isClosed = false;
	let transport: HardenedFetch | undefined;
	let sdk: SandboxAgent | undefined;
	const onBroken = (reason: string) => {
		broken.reject(new Error(reason));
		if (!isClosed) context.onBroken(reason);
	};
	const sandbox = makeSandbox((reason) => (transport?.break ?? onBroken)(reason));
	const id = await sandbox.create();

	async function close(): Promise<void> {
		isClosed = true;
		transport?.break("The agent was stopped.");
		await sandbox.destroy(id);
		if (sdk) await within(context.limits.agentDrainMs, sdk.dispose());
	}

	try {
		const { agent, driver, limits } = context;
		const known = await ownSession(driver, agent.sdkName);
		transport = hardenedFetch({
			fetch: await sandbox.getFetch(id),
			limits,
			loadSessionId: known?.agentSessionId || undefined,
			recall: async () => recallText((await context.recall?.()) ?? [], limits.agentRecallBytesMax),
			onBroken,
		});
		sdk = await SandboxAgent.start({
			sandbox,
			sandboxId: `${sandbox.name}/${id}`,
			fetch: transport.fetch,
			persist: withoutReplay(context.driver),
			replayMaxEvents: REPLAY_SCAN,
		});
		const live = await Promise.race([
			converse(sdk, context, {
				cwd: sandbox.defaultCwd,
				wishes: wishesOf(known, agent.mode),
				introduction: () => transport?.introduction,
			}),
			broken.promise,
			tooLate(context.limits),
		]);
		const place = {
			fetch: await sandbox.getFetch(id),
			connect: () => sandbox.connect(id),
			folder: sandbox.defaultCwd,
			answerMs: limits.agentStartMs,
		};
		const terminal = (wish: TerminalWish) => openSandboxTerminal(place, wish);
		return { ...live, terminal, sandboxId: `${sandbox.name}/${id}`, close };
	} catch (error) {
		await close();
		throw error;
	}
}

interface Circumstances {
	readonly cwd: string;
	readonly wishes: ReadonlyMap<ChoiceKind, string>;
	/** What the agent said of itself. */
	readonly introduction: () => unknown;
}

async function converse(
	sdk: SandboxAgent,
	context: SessionContext,
	{ cwd, wishes, introduction }: Circumstances,
): Promise<Omit<AgentSession, "sandboxId" | "close" | "terminal">> {
	const open = new Map<string, ReadonlySet<string>>();
	// Before the session: without a listener the SDK answers every request with a cancellation.
	sdk.onPermissionRequest(SESSION_ID, (request) => {
		open.set(request.id, new Set(request.options.map((option) => option.optionId)));
		context.onPermission(permissionOf(request));
	});
	const session = await sdk.resumeOrCreateSession({
		id: SESSION_ID,
		agent: context.agent.sdkName,
		cwd,
	});
	const choices = async (): Promise<AgentChoices> =>
		readChoices({ modes: await session.getModes(), configOptions: await session.getConfigOptions() });
	const set = { mode: "setMode", model: "setModel", effort: "setThoughtLevel" } as const;
	// Agents start as they always do, also with a session that was in another mode.
	const offered = wishes.size === 0 ? {} : await choices();
	for (const [kind, id] of wishes) {
		const isThere = kind === "mode" || offered[kind]?.options.some((option) => option.id === id);
		if (isThere && offered[kind]?.current !== id) await session[set[kind]](id);
	}
	return {
		choices,
		async choose(kind, id) {
			try {
				await session[set[kind]](id);
			} catch (error) {
				throw error instanceof AcpRpcError ? new TurnFailed(failureText(error)) : error;
			}
		},
		async prompt(text, files) {
			const place: PromptPlace = {
				abilities: abilitiesIn(introduction()),
				folder: cwd,
				paths: async () => new Set((await listPaths((call) => sdk.runProcess(call), cwd, context.limits)).paths),
				save: (file) => saveAttached(sdk, cwd, file),
			};
			try {
				const { stopReason } = await session.prompt(await promptBlocks(text, files, place, context.limits));
				return { stopReason };
			} catch (error) {
				throw error instanceof AcpRpcError ? new TurnFailed(failureText(error)) : error;
			} finally {
				open.clear();
			}
		},
		async cancel() {
			open.clear();
			// The SDK has no cancel: this answers open requests and tells the agent. The driver drops the `destroyedAt`.
			await sdk.destroySession(SESSION_ID);
		},
		async answer(requestId, optionId) {
			if (!open.get(requestId)?.has(optionId)) return false;
			open.delete(requestId);
			await sdk.rawRespondPermission(requestId, { outcome: { outcome: "selected", optionId } });
			return true;
		},
	};
}

/** What was chosen before, or the mode that is right for this agent. */
function wishesOf(known: SessionRecord | undefined, mode: string | undefined): ReadonlyMap<ChoiceKind, string> {
	const before = readChoices(known ?? {});
	const wishes = new Map<ChoiceKind, string>();
	for (const kind of ["mode", "model", "effort"] as const) {
		const wish = before[kind]?.current ?? (kind === "mode" ? mode : undefined);
		if (wish !== undefined) wishes.set(kind, wish);
	}
	return wishes;
}

/** The session as the SDK knows it. One that another agent had is this agent's from now on, to be begun by it. */
async function ownSession(driver: SessionPersistDriver, agent: string): Promise<SessionRecord | undefined> {
	const known = await driver.getSession(SESSION_ID);
	if (!known || known.agent === agent) return known;
	const { modes: _, configOptions: __, ...kept } = known;
	const own = { ...kept, agent, agentSessionId: "" };
	await driver.updateSession(own);
	return own;
}

/** Marks the SDK's replay scan: it asks for pages of this size and no other call does. */
const REPLAY_SCAN = 987;

/**
 * The driver without the SDK's replay, which would put the newest events, cut off, into the next prompt in the person's
 * name. The agent knows the conversation by itself (`session/load`).
 */
function withoutReplay(driver: SessionPersistDriver): SessionPersistDriver {
	return {
		getSession: (id) => driver.getSession(id),
		listSessions: (request) => driver.listSessions(request),
		updateSession: (session) => driver.updateSession(session),
		insertEvent: (sessionId, event) => driver.insertEvent(sessionId, withoutContents(event)),
		listEvents: async (request) => (request.limit === REPLAY_SCAN ? { items: [] } : driver.listEvents(request)),
	};
}

function permissionOf({ id, toolCall, options }: SessionPermissionRequest): PermissionRequest {
	const detail = toolCall.rawInput === undefined ? undefined : JSON.stringify(toolCall.rawInput);
	return {
		requestId: id,
		toolCallId: toolCall.toolCallId,
		title: toolCall.title ?? "The agent asks for permission",
		...permissionSubject(toolCall),
		...(detail === undefined ? {} : { detail: detail.slice(0, DETAIL_CHARS_MAX) }),
		options: options.map((option) => ({ optionId: option.optionId, name: option.name, kind: option.kind })),
	};
}

function tooLate({ agentStartMs }: Limits): Promise<never> {
	return new Promise((_, reject) => {
		setTimeout(() => reject(new Error("The agent did not start in time.")), agentStartMs).unref();
	});
}
