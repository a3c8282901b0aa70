import { authorise } from "@bullpen/domain/authorization";
import { Problem } from "@bullpen/domain/problem";
import type { EventPayload } from "@bullpen/domain/wire";
import { actor, event } from "rivetkit";
import { db } from "rivetkit/db";
import { answer, personAction, serviceAction } from "../action.ts";
import type { ActionFrame, Connection, Frame, WakeFrame } from "../frame.ts";
import { type Caller, identify } from "../identity.ts";
import { migrate } from "../migrate.ts";
import { keys, limits } from "../process.ts";
import { Inbox } from "./inbox.ts";
import { MIGRATIONS } from "./inbox-store.ts";

const OK = { ok: true } as const;
const forbidden = (): Problem => new Problem("forbidden", "This caller is not allowed here.");

/** One person's rooms and workspaces. Key `[userId]`; open to that person and to what they are in. */
export const userInbox = actor({
	options: { name: "userInbox" },
	db: db({ onMigrate: (tables) => migrate(tables, MIGRATIONS) }),
	createVars: (c: Frame<unknown>): Inbox => new Inbox(c, limits, Date.now),
	createConnState: (c: Frame<Inbox>, params: unknown): Promise<Caller> =>
		answer(c, async () => {
			const caller = identify(params, { keys, actor: "userInbox", key: c.key, limits, now: Date.now() });
			if (caller.kind === "person") c.vars.receive(caller);
			return caller;
		}),
	onWake: (c: WakeFrame<Inbox>) => c.vars.wake(c.conns.values()),
	onSleep: (c: Frame<Inbox>) => c.vars.audience.dispose(),
	onConnect: (c: Frame<Inbox>, connection: Connection) => c.vars.audience.arrived(connection),
	onDisconnect: (c: Frame<Inbox>, connection: Connection) => c.vars.audience.departed(connection),
	events: {
		inboxChanged: event<EventPayload<"userInbox", "inboxChanged">>({
			canSubscribe: (c: ActionFrame<Inbox>) => {
				c.vars.audience.subscribed(c.conn, "inboxChanged");
				return true;
			},
		}),
	},
	actions: {
		getInbox: personAction<Inbox, "userInbox", "getInbox">("userInbox", "getInbox", async (c, _, person) => {
			authorise("userInbox", "getInbox", standingOf(c.vars, person.userId));
			return c.vars.view();
		}),
		changesSince: personAction<Inbox, "userInbox", "changesSince">(
			"userInbox",
			"changesSince",
			async (c, input, person) => {
				authorise("userInbox", "changesSince", standingOf(c.vars, person.userId));
				return c.vars.changes(input);
			},
		),
		markRead: personAction<Inbox, "userInbox", "markRead">("userInbox", "markRead", async (c, input, person) => {
			authorise("userInbox", "markRead", standingOf(c.vars, person.userId));
			await c.vars.markRead(input.roomId, input.seq);
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
	},
});

const standingOf = (inbox: Inbox, userId: string): "self" | "other" => (inbox.userId === userId ? "self" : "other");
