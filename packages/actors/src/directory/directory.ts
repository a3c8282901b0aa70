import { authorise } from "@bullpen/domain/authorization";
import type { ActionName, ActionOutput, EventPayload } from "@bullpen/domain/wire";
import { actor, event } from "rivetkit";
import { db } from "rivetkit/db";
import { type Action, answer, type Parsed, personAction, serviceAction } from "../action.ts";
import type { ActionFrame, Connection, Frame, WakeFrame } from "../frame.ts";
import { type Caller, identify, type Person } from "../identity.ts";
import { migrate } from "../migrate.ts";
import { Peers } from "../peers.ts";
import { keys, limits } from "../process.ts";
import { relayActions } from "../relay/actions.ts";
import { Catalogue } from "./catalogue.ts";
import { MIGRATIONS } from "./directory-store.ts";

const OK = { ok: true } as const;

const ask = <N extends ActionName<"directory">>(
	name: N,
	handler: (
		catalogue: Catalogue,
		person: Person,
		input: Parsed<"directory", N>,
	) => Promise<ActionOutput<"directory", N>>,
): Action<Catalogue, "directory", N> =>
	personAction<Catalogue, "directory", N>(
		"directory",
		name,
		(c, input, person) => handler(c.vars, person, input),
		(_, person) => authorise("directory", name, person.role),
	);

const actions = {
	list: ask("list", async (catalogue) => catalogue.view()),
	changesSince: ask("changesSince", async (catalogue, _, since) => catalogue.changes(since)),
	openRoom: ask("openRoom", (catalogue, person, input) => catalogue.openRoom(person, input)),
	createWorkspace: ask("createWorkspace", (catalogue, person, input) => catalogue.createWorkspace(person, input)),
	registerPerson: serviceAction<Catalogue, "directory", "registerPerson">(
		"directory",
		"registerPerson",
		async (c, input) => {
			await c.vars.registerPerson(input);
			return OK;
		},
	),
	noteAgents: serviceAction<Catalogue, "directory", "noteAgents">("directory", "noteAgents", async (c, { agents }) => {
		await c.vars.noteAgents(agents);
		return OK;
	}),
	init: serviceAction<Catalogue, "directory", "init">("directory", "init", async (c) => {
		await c.vars.initialise();
		return OK;
	}),
};

/** What there is on this server, and who is. Key `["main"]`. */
export const directory = actor({
	options: { name: "directory" },
	db: db({ onMigrate: (tables) => migrate(tables, MIGRATIONS) }),
	createVars: (c: Frame<unknown>): Catalogue => new Catalogue(c, { limits, now: Date.now, peers: new Peers(c) }),
	createConnState: (c: Frame<Catalogue>, params: unknown): Promise<Caller> =>
		answer(c, async () => identify(params, { keys, actor: "directory", key: c.key, limits, now: Date.now() })),
	onWake: (c: WakeFrame<Catalogue>) => c.vars.wake([...c.conns.values()]),
	onSleep: (c: Frame<Catalogue>) => c.vars.audience.dispose(),
	onConnect: (c: Frame<Catalogue>, connection: Connection) => c.vars.relay.opened(connection),
	onDisconnect: (c: Frame<Catalogue>, connection: Connection) => c.vars.relay.closed(connection),
	events: {
		directoryChanged: event<EventPayload<"directory", "directoryChanged">>({
			canSubscribe: (c: ActionFrame<Catalogue>) => {
				c.vars.audience.subscribed(c.conn, "directoryChanged");
				return true;
			},
		}),
	},
	actions: { ...actions, ...relayActions<Catalogue>("directory", actions) },
});
