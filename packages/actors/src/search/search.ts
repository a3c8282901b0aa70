import { join } from "node:path";
import { authorise, notOpenToYou } from "@bullpen/domain/authorization";
import { actor } from "rivetkit";
import { db } from "rivetkit/db";
import { alarmAction, answer, personAction, serviceAction } from "../action.ts";
import type { Connection, Frame, WakeFrame } from "../frame.ts";
import { type Caller, identify } from "../identity.ts";
import { migrate } from "../migrate.ts";
import { searchDesks } from "../neighbours.ts";
import { Peers } from "../peers.ts";
import { environment, keys, limits } from "../process.ts";
import { relayActions } from "../relay/actions.ts";
import { LEASE_MIGRATION } from "../relay/lease-table.ts";
import { SearchDesk } from "./search-desk.ts";

const OK = { ok: true } as const;

const actions = {
	search: personAction<SearchDesk, "search", "search">(
		"search",
		"search",
		(c, input, person) => c.vars.search(person, input),
		(_, person) => authorise("search", "search", person.role),
	),
	getIndexState: personAction<SearchDesk, "search", "getIndexState">(
		"search",
		"getIndexState",
		async (c) => ({ isFilling: c.vars.callUp.isRunning }),
		(_, person) => authorise("search", "getIndexState", person.role),
	),
	noteMessages: serviceAction<SearchDesk, "search", "noteMessages">(
		"search",
		"noteMessages",
		async (c, note, { subject }) => {
			if (subject !== `chatRoom:${note.roomId}`) throw notOpenToYou();
			return c.vars.note(note);
		},
	),
	findInRoom: serviceAction<SearchDesk, "search", "findInRoom">(
		"search",
		"findInRoom",
		async (c, input, { subject }) => {
			const { roomId } = input;
			if (subject !== `chatRoom:${roomId}`) throw notOpenToYou();
			return c.vars.findInRoom(input);
		},
	),
	barPerson: serviceAction<SearchDesk, "search", "barPerson">("search", "barPerson", async (c, { userId, at }) => {
		c.vars.audience.bar(userId, at);
		return OK;
	}),
	init: serviceAction<SearchDesk, "search", "init">("search", "init", async (c) => {
		await c.vars.callUp.start();
		return OK;
	}),
	callUpAlarm: alarmAction<SearchDesk>((c) => c.vars.callUp.ring()),
};

const pathOf = (key: readonly string[]): string => join(environment.dataFolder, "search", `${key[0] ?? ""}.db`);

/**
 * The index of what is said in all rooms. Key `["main"]`. Its tables hold leases alone: the index is a file beside them,
 * which the rooms can fill again.
 */
export const search = actor({
	options: { name: "search" },
	db: db({ onMigrate: (tables) => migrate(tables, [LEASE_MIGRATION]) }),
	createVars: (c: Frame<unknown>): SearchDesk =>
		new SearchDesk(c, { limits, now: Date.now, peers: new Peers(c), path: pathOf(c.key) }),
	createConnState: (c: Frame<SearchDesk>, params: unknown): Promise<Caller> =>
		answer(c, async () => {
			const caller = identify(params, { keys, actor: "search", key: c.key, limits, now: Date.now() });
			if (caller.kind === "person") c.vars.audience.refuseBarred(caller);
			return caller;
		}),
	onWake: async (c: WakeFrame<SearchDesk>) => {
		await c.vars.wake([...c.conns.values()]);
		searchDesks.wokeUp("main", c.vars);
	},
	onSleep: async (c: Frame<SearchDesk>) => {
		searchDesks.fellAsleep("main", c.vars);
		await c.vars.sleep();
	},
	onConnect: (c: Frame<SearchDesk>, connection: Connection) => c.vars.relay.opened(connection),
	onDisconnect: (c: Frame<SearchDesk>, connection: Connection) => c.vars.relay.closed(connection),
	actions: { ...actions, ...relayActions<SearchDesk>("search", actions) },
});
