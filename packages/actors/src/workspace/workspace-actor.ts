import type { AgentName } from "@bullpen/domain/agent-name";
import type { EventName, EventPayload } from "@bullpen/domain/wire";
import { actor, event } from "rivetkit";
import { db } from "rivetkit/db";
import { alarmAction, answer, serviceAction } from "../action.ts";
import type { ActionFrame, Connection, Frame, WakeFrame } from "../frame.ts";
import { type Caller, identify } from "../identity.ts";
import { migrate } from "../migrate.ts";
import { Peers } from "../peers.ts";
import { environment, keys, limits } from "../process.ts";
import { relayActions } from "../relay/actions.ts";
import type { AgentHost, AgentHostOptions } from "./agent/agent-host.ts";
import { fileActions } from "./file-actions.ts";
import { migrations } from "./migrations.ts";
import type { Keys } from "./payer.ts";
import { peopleActions } from "./people-actions.ts";
import { searchItems } from "./search.ts";
import { terminalActions } from "./terminal-actions.ts";
import { auditPage, changesPage, imageFile, outputText, transcriptPage } from "./views.ts";
import { visit } from "./visit.ts";
import { Workspace } from "./workspace.ts";

/** What all workspaces of a process share. */
interface Surroundings {
	readonly keys?: Keys | undefined;
	readonly prepare?: (agent: AgentName) => Promise<void>;
}

const OK = { ok: true } as const;

const told = <N extends EventName<"workspace">>(name: N) =>
	event<EventPayload<"workspace", N>>({
		canSubscribe: (c: ActionFrame<Workspace>) => {
			c.vars.audience.subscribed(c.conn, name);
			return true;
		},
	});

const actions = {
	getSessionInfo: visit("getSessionInfo", async ({ workspace, role }) => workspace.entrance.info(role)),
	getTranscript: visit("getTranscript", ({ workspace }, input) =>
		workspace.transcripts.read(input ?? {}, () => transcriptPage(workspace.scope, input ?? {})),
	),
	changesSince: visit("changesSince", ({ workspace }, input) =>
		workspace.changes.read(input, () => changesPage(workspace.scope, input)),
	),
	getOutput: visit("getOutput", ({ workspace }, { itemId }) => outputText(workspace.scope, itemId)),
	getImage: visit("getImage", ({ workspace }, input) => imageFile(workspace.scope, input)),
	searchTranscript: visit("searchTranscript", ({ workspace }, input) =>
		workspace.searches.read(input, () => searchItems(workspace.scope, input)),
	),
	prompt: visit("prompt", async ({ workspace, person, connection, acting }, input) => {
		workspace.audience.spend(connection, "send");
		return workspace.pulse.promising(() => workspace.queue.add(person.userId, input, acting));
	}),
	putAttachment: visit("putAttachment", async ({ workspace, person }, input) => ({
		attachment: await workspace.attachments.put(person.userId, input),
	})),
	removeAttachment: visit("removeAttachment", async ({ workspace, person }, { attachmentId }) => {
		await workspace.attachments.remove(person.userId, attachmentId);
		return OK;
	}),
	getAttachment: visit("getAttachment", ({ workspace }, { attachmentId }) =>
		workspace.attachments.content(attachmentId),
	),
	findFiles: visit("findFiles", ({ workspace }, { query }) => workspace.files.find(query)),
	editPrompt: visit("editPrompt", async ({ workspace, connection, acting }, input) => {
		workspace.audience.spend(connection, "send");
		await workspace.queue.edit(input, acting);
		return OK;
	}),
	movePrompt: visit("movePrompt", async ({ workspace, acting }, input) => {
		await workspace.queue.move(input, acting);
		return OK;
	}),
	removePrompt: visit("removePrompt", async ({ workspace, acting }, { promptId }) => {
		await workspace.queue.remove(promptId, acting);
		return OK;
	}),
	sendNow: visit("sendNow", async ({ workspace, acting }, { promptId }) => {
		await workspace.turns.sendNow(promptId, acting);
		await workspace.pulse.promised();
		return OK;
	}),
	pauseQueue: visit("pauseQueue", async ({ workspace, acting }) => {
		await workspace.queue.setPaused(true, acting);
		return OK;
	}),
	resumeQueue: visit("resumeQueue", async ({ workspace, acting }) => {
		await workspace.queue.setPaused(false, acting);
		await workspace.pulse.promised();
		return OK;
	}),
	...fileActions,
	cancelTurn: visit("cancelTurn", async ({ workspace, person, acting }) => {
		await workspace.turns.cancel(person.userId, acting);
		return OK;
	}),
	answerPermission: visit("answerPermission", async ({ workspace, acting }, input) => {
		await workspace.permissions.answer(input, acting);
		return OK;
	}),
	setAgent: visit("setAgent", async ({ workspace, acting }, { agent }) => {
		await workspace.settings.setAgent(agent, acting);
		return OK;
	}),
	setMode: visit("setMode", async ({ workspace, acting }, { mode }) => {
		await workspace.settings.choose("mode", mode, acting);
		return OK;
	}),
	setModel: visit("setModel", async ({ workspace, acting }, { model, effort }) => {
		if (model !== undefined) await workspace.settings.choose("model", model, acting);
		if (effort !== undefined) await workspace.settings.choose("effort", effort, acting);
		return OK;
	}),
	setPayer: visit("setPayer", async ({ workspace, acting }, { payer }) => {
		await workspace.payer.set(payer, acting);
		return OK;
	}),
	setPolicy: visit("setPolicy", async ({ workspace, acting }, { policy }) => {
		await workspace.settings.setPolicy(policy, acting);
		return OK;
	}),
	setEgress: visit("setEgress", async ({ workspace, acting }, input) => {
		await workspace.reach.set(input, acting);
		return OK;
	}),
	ignoreHost: visit("ignoreHost", async ({ workspace, acting }, { host }) => {
		await workspace.reach.ignore(host, acting);
		return OK;
	}),
	revokeRule: visit("revokeRule", async ({ workspace, acting }, { ruleId }) => {
		await workspace.rules.revoke(ruleId, acting);
		return OK;
	}),
	getAudit: visit("getAudit", ({ workspace }, input) => auditPage(workspace.scope, input ?? {})),
	setTyping: visit("setTyping", async ({ workspace, person: { userId } }, { isTyping }) => {
		workspace.typing.set(userId, isTyping);
		return OK;
	}),
	...peopleActions,
	barPerson: serviceAction<Workspace, "workspace", "barPerson">("workspace", "barPerson", async (c, { userId, at }) => {
		c.vars.audience.bar(userId, at);
		return OK;
	}),
	askAgain: serviceAction<Workspace, "workspace", "askAgain">("workspace", "askAgain", async (c, { userIds }) => {
		await c.vars.door.askAboutThoseHere(userIds);
		return OK;
	}),
	...terminalActions,
	init: serviceAction<Workspace, "workspace", "init">("workspace", "init", async (c, input) => {
		await c.vars.settings.initialise(input);
		return OK;
	}),
	wakeAlarm: alarmAction<Workspace>(async (c) => c.vars.pulse.work()),
	permissionAlarm: alarmAction<Workspace>((c) => c.vars.permissions.ring()),
	notesAlarm: alarmAction<Workspace>((c) => c.vars.notes.ring()),
};

/**
 * One shared agent session: its queue, its transcript, its people. Key `[workspaceId]`, pool `workspaces`; answers nothing
 * before the directory's `init`. `createHost` makes its agent host, which starts nothing until the first prompt.
 */
export const workspaceActor = (createHost: (options: AgentHostOptions) => AgentHost, surroundings: Surroundings = {}) =>
	actor({
		options: {
			name: "workspace",
			sleepTimeout: limits.workspaceSleepAfterMs,
			sleepGracePeriod: limits.workspaceSleepMs,
		},
		db: db({ onMigrate: (tables) => migrate(tables, migrations) }),
		createVars: (c: Frame<unknown>): Workspace =>
			new Workspace(c, {
				limits,
				now: Date.now,
				dataDir: environment.dataFolder,
				createHost,
				keys: surroundings.keys,
				prepare: surroundings.prepare ?? (async () => undefined),
				peers: new Peers(c),
			}),
		createConnState: (c: Frame<Workspace>, params: unknown): Promise<Caller> =>
			answer(c, async () => {
				const caller = identify(params, { keys, actor: "workspace", key: c.key, limits, now: Date.now() });
				if (caller.kind === "person") await c.vars.entrance.receive(caller);
				return caller;
			}),
		onWake: (c: WakeFrame<Workspace>) => c.vars.wake([...c.conns.values()]),
		onSleep: (c: Frame<Workspace>) => c.vars.sleep(),
		onConnect: (c: Frame<Workspace>, connection: Connection) => c.vars.relay.opened(connection),
		onDisconnect: (c: Frame<Workspace>, connection: Connection) => c.vars.relay.closed(connection),
		events: {
			"chat.user": told("chat.user"),
			"session.event": told("session.event"),
			workspaceChanged: told("workspaceChanged"),
			tail: told("tail"),
			filesChanged: told("filesChanged"),
			terminalChanged: told("terminalChanged"),
			terminalOutput: told("terminalOutput"),
			terminalTyped: told("terminalTyped"),
			typing: told("typing"),
			presence: told("presence"),
		},
		actions: { ...actions, ...relayActions<Workspace>("workspace", actions) },
	});
