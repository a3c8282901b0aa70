import { authorise } from "@bullpen/domain/authorization";
import { Problem } from "@bullpen/domain/problem";
import type { ActionName, ActionOutput, EventName, EventPayload } from "@bullpen/domain/wire";
import { actor, event } from "rivetkit";
import { db } from "rivetkit/db";
import { type Action, answer, type Parsed, personAction, serviceAction } from "../action.ts";
import type { ActionFrame, Connection, Frame, WakeFrame } from "../frame.ts";
import { type Caller, identify } from "../identity.ts";
import { migrate } from "../migrate.ts";
import { inboxes } from "../neighbours.ts";
import { Peers } from "../peers.ts";
import { keys, limits } from "../process.ts";
import { pushService } from "../push/start.ts";
import { relayActions } from "../relay/actions.ts";
import { Inbox } from "./inbox.ts";
import { Names } from "./names.ts";
import {
	explainUnread,
	markAllRead,
	markRead,
	markThreadRead,
	markUnread,
	setLevel,
	setMute,
	setQuietHours,
} from "./reading.ts";
import { COMMIT_VIEW, MIGRATIONS } from "./schema.ts";

/** Rooms that died with an earlier process have told what they owed soon after this. */
const startedAt = Date.now();
const names = new Names(limits, Date.now);
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

const heard = <E extends EventName<"userInbox">>(name: E) =>
	event<EventPayload<"userInbox", E>>({
		canSubscribe: (c: ActionFrame<Inbox>) => {
			c.vars.audience.subscribed(c.conn, name);
			return true;
		},
	});

const actions = {
	getInbox: own("getInbox", async (inbox) => {
		await inbox.catchUp();
		return inbox.view();
	}),
	changesSince: own("changesSince", async (inbox, since) => {
		await inbox.catchUp();
		return inbox.changes(since);
	}),
	markRead: own("markRead", async (inbox, mark) => {
		await markRead(inbox, mark);
		return OK;
	}),
	markAllRead: own("markAllRead", async (inbox, marks) => {
		await markAllRead(inbox, marks);
		return OK;
	}),
	markUnread: own("markUnread", async (inbox, { roomId, seq }) => {
		await markUnread(inbox, roomId, seq);
		return OK;
	}),
	markThreadRead: own("markThreadRead", async (inbox, mark) => {
		await markThreadRead(inbox, mark);
		return OK;
	}),
	explainUnread: own("explainUnread", (inbox, { roomId }) => explainUnread(inbox, roomId)),
	setLevel: own("setLevel", async (inbox, { roomId, level }) => {
		await setLevel(inbox, roomId, level);
		return OK;
	}),
	setMute: own("setMute", async (inbox, { roomId, minutes }) => {
		await setMute(inbox, roomId, minutes);
		return OK;
	}),
	setQuietHours: own("setQuietHours", async (inbox, { quietHours }) => {
		await setQuietHours(inbox, quietHours);
		return OK;
	}),
	saveDraft: own("saveDraft", async (inbox, written) => ({
		draft: await inbox.write((draft) => inbox.drafts.write(draft, written)),
	})),
	noteUse: personAction<Inbox, "userInbox", "noteUse">(
		"userInbox",
		"noteUse",
		async (c, { isInUse, deviceId }) => {
			c.vars.push.noteUse(c.conn.id, isInUse, deviceId);
			return OK;
		},
		(c, { userId }) => authorise("userInbox", "noteUse", c.vars.userId === userId ? "self" : "other"),
	),
	testPush: own("testPush", async (inbox, { deviceId }) => ({ outcome: await inbox.push.test(deviceId) })),
	putPushDevice: serviceAction<Inbox, "userInbox", "putPushDevice">("userInbox", "putPushDevice", (c, device) =>
		c.vars.putPushDevice(device),
	),
	forgetPushDevice: serviceAction<Inbox, "userInbox", "forgetPushDevice">(
		"userInbox",
		"forgetPushDevice",
		async (c, { sessionId }) => {
			await c.vars.push.devices.dropSession(sessionId);
			return OK;
		},
	),
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
	getPlaces: serviceAction<Inbox, "userInbox", "getPlaces">("userInbox", "getPlaces", async (c) => c.vars.places()),
	barPerson: serviceAction<Inbox, "userInbox", "barPerson">("userInbox", "barPerson", async (c, { userId, at }) => {
		c.vars.audience.bar(userId, at);
		await c.vars.push.devices.dropAll();
		return OK;
	}),
	init: serviceAction<Inbox, "userInbox", "init">("userInbox", "init", async (c) => {
		await c.vars.initialise();
		return OK;
	}),
};

/** One person's rooms and workspaces. Key `[userId]`; open to that person and to what they are in. */
export const userInbox = actor({
	options: { name: "userInbox", sleepTimeout: limits.inboxSleepAfterMs },
	db: db({ onMigrate: (tables) => migrate(tables, MIGRATIONS, COMMIT_VIEW) }),
	createVars: (c: Frame<unknown>): Inbox =>
		new Inbox(c, { limits, now: Date.now, peers: new Peers(c), startedAt, names, service: pushService }),
	createConnState: (c: Frame<Inbox>, params: unknown): Promise<Caller> =>
		answer(c, async () => {
			const caller = identify(params, { keys, actor: "userInbox", key: c.key, limits, now: Date.now() });
			if (caller.kind === "person") c.vars.receive(caller);
			return caller;
		}),
	onWake: async (c: WakeFrame<Inbox>) => {
		await c.vars.wake([...c.conns.values()]);
		inboxes.wokeUp(c.vars.userId, c.vars);
	},
	onSleep: (c: Frame<Inbox>) => {
		inboxes.fellAsleep(c.vars.userId, c.vars);
		c.vars.push.dispose();
		c.vars.audience.dispose();
	},
	onConnect: (c: Frame<Inbox>, connection: Connection) => c.vars.relay.opened(connection),
	onDisconnect: (c: Frame<Inbox>, connection: Connection) => c.vars.relay.closed(connection),
	events: { inboxChanged: heard("inboxChanged"), notified: heard("notified") },
	actions: { ...actions, ...relayActions<Inbox>("userInbox", actions) },
});
