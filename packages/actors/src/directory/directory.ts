import { authorise, notOpenToYou } from "@bullpen/domain/authorization";
import type { ActionName, ActionOutput, EventPayload } from "@bullpen/domain/wire";
import { actor, event } from "rivetkit";
import { db } from "rivetkit/db";
import { type Action, alarmAction, answer, type Parsed, personAction, serviceAction } from "../action.ts";
import type { ActionFrame, Connection, Frame, WakeFrame } from "../frame.ts";
import { type Caller, identify, type Person } from "../identity.ts";
import { migrate } from "../migrate.ts";
import { Peers } from "../peers.ts";
import { keys, limits } from "../process.ts";
import { relayActions } from "../relay/actions.ts";
import {
	checkBot,
	createBot,
	listBots,
	redeemBot,
	renewToken,
	revokeToken,
	setBotActive,
	setCommands,
	updateBot,
} from "./bots.ts";
import { Catalogue } from "./catalogue.ts";
import { MIGRATIONS } from "./directory-store.ts";
import { beginImport, finishImport } from "./imported-rooms.ts";
import {
	endConnections,
	importPeople,
	namesOf,
	notePicture,
	readAudit,
	registerPerson,
	setActive,
	setStatus,
	writeAct,
} from "./people.ts";
import { acceptLink, initialise, nameRoom, noteRoom, openDirect, openRoom } from "./rooms.ts";
import { createWorkspace, noteAgents, noteDepartures, noteWorkspace } from "./workspaces.ts";

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

/** An action of our own processes. */
const serve = <N extends ActionName<"directory">>(
	name: N,
	handler: (catalogue: Catalogue, input: Parsed<"directory", N>) => Promise<ActionOutput<"directory", N>>,
): Action<Catalogue, "directory", N> =>
	serviceAction<Catalogue, "directory", N>("directory", name, (c, input) => handler(c.vars, input));

const done = async (work: Promise<void>): Promise<typeof OK> => {
	await work;
	return OK;
};

/** A room speaks for itself alone: `chatRoom:r-1`. */
const roomOf = ({ subject }: { subject: string }): string => subject.split(":")[1] ?? "";

const actions = {
	list: ask("list", async (catalogue, person) => catalogue.view(person)),
	changesSince: ask("changesSince", async (catalogue, person, since) => catalogue.changes(person, since)),
	openRoom: ask("openRoom", openRoom),
	openDirect: ask("openDirect", openDirect),
	acceptLink: ask("acceptLink", (catalogue, person, input) => {
		catalogue.spendOnLink(person);
		return acceptLink(catalogue, person, input);
	}),
	setStatus: ask("setStatus", (catalogue, person, input) => done(setStatus(catalogue, person, input))),
	getAudit: ask("getAudit", (catalogue, _, input) => readAudit(catalogue, input ?? {})),
	createWorkspace: ask("createWorkspace", createWorkspace),
	getBots: ask("getBots", async (catalogue) => listBots(catalogue)),
	createBot: ask("createBot", createBot),
	updateBot: ask("updateBot", updateBot),
	renewBotToken: ask("renewBotToken", renewToken),
	revokeBotToken: ask("revokeBotToken", (catalogue, person, input) => done(revokeToken(catalogue, person, input))),
	setBotActive: ask("setBotActive", (catalogue, person, input) => done(setBotActive(catalogue, person, input))),
	setCommands: ask("setCommands", (catalogue, person, input) => done(setCommands(catalogue, person, input))),
	redeemBot: serve("redeemBot", redeemBot),
	checkBot: serve("checkBot", async (catalogue, { userId }) => checkBot(catalogue, userId)),
	registerPerson: serve("registerPerson", (catalogue, input) => done(registerPerson(catalogue, input))),
	notePicture: serve("notePicture", (catalogue, { userId, pictureId }) =>
		done(notePicture(catalogue, userId, pictureId)),
	),
	setActive: serve("setActive", (catalogue, input) => done(setActive(catalogue, input))),
	endConnections: serve("endConnections", (catalogue, { userId }) => done(endConnections(catalogue, userId))),
	noteAct: serve("noteAct", (catalogue, { act }) => done(writeAct(catalogue, act))),
	noteAgents: serve("noteAgents", (catalogue, { agents }) => done(noteAgents(catalogue, agents))),
	getNames: serve("getNames", async (catalogue, { userIds }) => ({ names: namesOf(catalogue, userIds) })),
	listRoomIds: serve("listRoomIds", async (catalogue, { after = "" }) =>
		catalogue.roomIdsAfter(after, catalogue.limits.searchCallUpPage),
	),
	beginImport: serve("beginImport", beginImport),
	importPeople: serve("importPeople", importPeople),
	finishImport: serve("finishImport", finishImport),
	init: serve("init", (catalogue) => done(initialise(catalogue))),
	nameRoom: serviceAction<Catalogue, "directory", "nameRoom">("directory", "nameRoom", (c, { name }, service) =>
		nameRoom(c.vars, roomOf(service), name),
	),
	noteRoom: serviceAction<Catalogue, "directory", "noteRoom">("directory", "noteRoom", (c, card, service) =>
		noteRoom(c.vars, roomOf(service), card),
	),
	noteDepartures: serviceAction<Catalogue, "directory", "noteDepartures">(
		"directory",
		"noteDepartures",
		(c, { userIds }, service) => done(noteDepartures(c.vars, roomOf(service), userIds)),
	),
	noteWorkspace: serviceAction<Catalogue, "directory", "noteWorkspace">(
		"directory",
		"noteWorkspace",
		(c, card, { subject }) => {
			if (subject !== `workspace:${card.workspaceId}`) throw notOpenToYou();
			return done(noteWorkspace(c.vars, card));
		},
	),
	barAlarm: alarmAction<Catalogue>((c) => c.vars.bars.ring()),
};

/** What there is on this server, and who is. Key `["main"]`. */
export const directory = actor({
	options: { name: "directory" },
	db: db({ onMigrate: (tables) => migrate(tables, MIGRATIONS) }),
	createVars: (c: Frame<unknown>): Catalogue => new Catalogue(c, { limits, now: Date.now, peers: new Peers(c) }),
	createConnState: (c: Frame<Catalogue>, params: unknown): Promise<Caller> =>
		answer(c, async () => {
			const caller = identify(params, { keys, actor: "directory", key: c.key, limits, now: Date.now() });
			if (caller.kind === "person") c.vars.receive(caller);
			return caller;
		}),
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
