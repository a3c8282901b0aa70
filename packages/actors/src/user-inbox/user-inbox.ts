import { authorise } from "@bullpen/domain/authorization";
import { Problem } from "@bullpen/domain/problem";
import type { ActionName, ActionOutput, EventPayload } from "@bullpen/domain/wire";
import { actor, event } from "rivetkit";
import { db } from "rivetkit/db";
import { type Action, answer, type Parsed, personAction, serviceAction } from "../action.ts";
import type { ActionFrame, Connection, Frame, WakeFrame } from "../frame.ts";
import { type Caller, identify } from "../identity.ts";
import { migrate } from "../migrate.ts";
import { keys, limits } from "../process.ts";
import { relayActions } from "../relay/actions.ts";
import { Inbox } from "./inbox.ts";
import { COMMIT_VIEW, MIGRATIONS } from "./inbox-store.ts";

const OK = { ok: true } as const;
const forbidden = (): Problem => new Problem("forbidden", "This caller is not allowed here.");

/** An action of the inbox's own person. */
const own = <N extends ActionName<"userInbox">>(
	name: N,
	handler: (inbox: Inbox, input: Parsed<"userInbox", N>) => Promise<ActionOutput<"userInbox", N>>,
): Action<Inbox, "userInbox", N> =>
	personAction<Inbox, "userInbox", N>(
		"userInbox",
		name,
		(c, input) => handler(c.vars, input),
		(c, { userId }) => authorise("userInbox", name, c.vars.userId === userId ? "self" : "other"),
	);

const actions = {
	getInbox: own("getInbox", async (inbox) => inbox.view()),
	changesSince: own("changesSince", async (inbox, since) => inbox.changes(since)),
	markRead: own("markRead", async (inbox, { roomId, seq }) => {
		await inbox.markRead(roomId, seq);
		return OK;
	}),
	noteRoom: serviceAction<Inbox, "userInbox", "noteRoom">("userInbox", "noteRoom", async (c, note, service) => {
		if (service.subject !== `chatRoom:${note.roomId}` || note.userId !== c.vars.userId) throw forbidden();
		await c.vars.noteRoom(note);
		return OK;
	}),
	noteWorkspace: serviceAction<Inbox, "userInbox", "noteWorkspace">(
		"userInbox",
		"noteWorkspace",
		async (c, note, service) => {
			if (service.subject !== `workspace:${note.workspaceId}` || note.userId !== c.vars.userId) throw forbidden();
			await c.vars.noteWorkspace(note);
			return OK;
		},
	),
	init: serviceAction<Inbox, "userInbox", "init">("userInbox", "init", async (c) => {
		await c.vars.initialise();
		return OK;
	}),
};

/** One person's rooms and workspaces. Key `[userId]`; open to that person and to what they are in. */
export const userInbox = actor({
	options: { name: "userInbox" },
	db: db({ onMigrate: (tables) => migrate(tables, MIGRATIONS, COMMIT_VIEW) }),
	createVars: (c: Frame<unknown>): Inbox => new Inbox(c, limits, Date.now),
	createConnState: (c: Frame<Inbox>, params: unknown): Promise<Caller> =>
		answer(c, async () => {
			const caller = identify(params, { keys, actor: "userInbox", key: c.key, limits, now: Date.now() });
			if (caller.kind === "person") c.vars.receive(caller);
			return caller;
		}),
	onWake: (c: WakeFrame<Inbox>) => c.vars.wake([...c.conns.values()]),
	onSleep: (c: Frame<Inbox>) => c.vars.audience.dispose(),
	onConnect: (c: Frame<Inbox>, connection: Connection) => c.vars.relay.opened(connection),
	onDisconnect: (c: Frame<Inbox>, connection: Connection) => c.vars.relay.closed(connection),
	events: {
		inboxChanged: event<EventPayload<"userInbox", "inboxChanged">>({
			canSubscribe: (c: ActionFrame<Inbox>) => {
				c.vars.audience.subscribed(c.conn, "inboxChanged");
				return true;
			},
		}),
	},
	actions: { ...actions, ...relayActions<Inbox>("userInbox", actions) },
});
