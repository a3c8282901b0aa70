import { notOpenToYou } from "@bullpen/domain/authorization";
import { standingIn } from "@bullpen/domain/membership";
import { Problem } from "@bullpen/domain/problem";
import type { ActionName, ActionOutput, EventName, EventPayload } from "@bullpen/domain/wire";
import { removeFile } from "@bullpen/files/blob-store";
import { actor, event } from "rivetkit";
import { db } from "rivetkit/db";
import { type Action, alarmAction, answer, type Parsed, personAction, serviceAction } from "../action.ts";
import type { ActionFrame, Connection, Frame, WakeFrame } from "../frame.ts";
import { type Caller, identify, type Person, readUpload } from "../identity.ts";
import { migrate } from "../migrate.ts";
import { rooms } from "../neighbours.ts";
import { Peers } from "../peers.ts";
import { blobs, environment, keys, limits } from "../process.ts";
import { RateQueue } from "../rate-queue.ts";
import { relayActions } from "../relay/actions.ts";
import { Courier } from "../webhooks/courier.ts";
import { Sealing } from "../webhooks/sealing.ts";
import { runCommand } from "./commands.ts";
import { beginExport, exportRows, refuseExport } from "./export.ts";
import { admitAttachment, getAttachment } from "./files.ts";
import { createHook, listDeliveries, listHooks, removeHook, setHookActive } from "./hooks/manage.ts";
import { receiveHook } from "./hooks/receive.ts";
import { endStaged, importRows, readStaged, stage } from "./import.ts";
import { createLink, enterByLink, openLinks, revokeLink } from "./links.ts";
import { deleteMessage, editMessage, followThread, sendMessage, toggleReaction } from "./messages.ts";
import { ban, barPerson, initialise, invite, join, kick, leave, setRole, transferOwnership, unban } from "./people.ts";
import { setPinned } from "./pins.ts";
import { prune } from "./retention.ts";
import { Room } from "./room.ts";
import { searchRoom, showFound } from "./search.ts";
import { updateRoom } from "./settings.ts";
import { findTaken } from "./store/files.ts";
import { readAudit } from "./store/governance.ts";
import { readChanges, readHash, readHistory, readSome } from "./store/reads.ts";
import { COMMIT_VIEW, MIGRATIONS } from "./store/schema.ts";
import { sharedBudgets } from "./turns.ts";

interface Visit {
	readonly room: Room;
	readonly person: Person;
	readonly connection: Connection;
}

const OK = { ok: true } as const;
const budgets = sharedBudgets(limits, Date.now);
const indexQueue = new RateQueue(
	{ burst: limits.searchNoteBurstAllRooms, perSecond: limits.searchNotesPerSecondAllRooms },
	Date.now,
);

const courier = new Courier({ limits, now: Date.now, isPrivateAllowed: environment.isPrivateWebhookAllowed });
const sealing = new Sealing(keys.actorsPrivateKey);

const optionsOf = (c: Frame<unknown>): ConstructorParameters<typeof Room>[1] => ({
	limits,
	now: Date.now,
	peers: new Peers(c),
	budgets,
	indexQueue,
	courier,
	sealing,
	chance: Math.random,
	readUpload: (token, userId) =>
		readUpload(token, userId, { keys, actor: "chatRoom", key: c.key, limits, now: Date.now() }),
	shelf: { remove: (attachmentId) => removeFile(blobs, c.key[0] ?? "", attachmentId) },
});

/** An action of people: through the door first, then to the room. */
const visit = <N extends ActionName<"chatRoom">>(
	name: N,
	handler: (visit: Visit, input: Parsed<"chatRoom", N>) => Promise<ActionOutput<"chatRoom", N>>,
): Action<Room, "chatRoom", N> =>
	personAction<Room, "chatRoom", N>(
		"chatRoom",
		name,
		(c, input, person) => handler({ room: c.vars, person, connection: c.conn }, input),
		(c, person) => c.vars.admit(person, name),
	);

const heard = <E extends EventName<"chatRoom">>(name: E) =>
	event<EventPayload<"chatRoom", E>>({
		canSubscribe: (c: ActionFrame<Room>) => {
			c.vars.audience.subscribed(c.conn, name);
			return true;
		},
	});

const actions = {
	getHistory: visit("getHistory", async ({ room }, input) => {
		const { before, after, threadOf, limit = room.limits.historyPageDefault } = input ?? {};
		if (before !== undefined && after !== undefined) {
			throw new Problem("bad_input", "A page lies before a message or after one, not both.", { field: "after" });
		}
		const range = { before, after, threadOf, limit: Math.min(limit, room.limits.historyPageMax) };
		return room.histories.read(range, () => readHistory(room.db, range, room.limits));
	}),
	getMessages: visit("getMessages", ({ room }, { ids }) =>
		room.somes.read(ids, () => readSome(room.db, [...new Set(ids)], room.limits)),
	),
	changesSince: visit("changesSince", ({ room }, { version, epoch, limit = room.limits.changesPageDefault }) => {
		const from = { version, epoch, limit: Math.min(limit, room.limits.changesPageMax) };
		return room.changes.read(from, () => readChanges(room.db, from, room.limits));
	}),
	sendMessage: visit("sendMessage", ({ room, person, connection }, input) => {
		room.audience.spend(connection, "send");
		return sendMessage(room, person, input);
	}),
	editMessage: visit("editMessage", ({ room, person }, input) => editMessage(room, person, input)),
	deleteMessage: visit("deleteMessage", ({ room, person }, input) => deleteMessage(room, person, input)),
	toggleReaction: visit("toggleReaction", ({ room, person }, input) => toggleReaction(room, person, input)),
	setPinned: visit("setPinned", ({ room, person }, input) => setPinned(room, person, input)),
	followThread: visit("followThread", ({ room, person }, input) => followThread(room, person, input)),
	setTyping: visit("setTyping", async ({ room, person }, { isTyping }) => {
		room.signs.typing(person.userId, isTyping);
		return OK;
	}),
	getRoom: visit("getRoom", async ({ room, person }) => room.door.viewFor(person)),
	getHash: visit("getHash", ({ room }) => room.hashes.read("hash", () => readHash(room.db))),
	join: visit("join", async ({ room, person }) => {
		await join(room, person);
		return room.door.viewFor(person);
	}),
	leave: visit("leave", async ({ room, person }) => {
		await leave(room, person);
		return OK;
	}),
	invite: visit("invite", async ({ room, person }, input) => {
		await invite(room, person, input);
		return OK;
	}),
	setRole: visit("setRole", async ({ room, person }, input) => {
		await setRole(room, person, input);
		return OK;
	}),
	kick: visit("kick", async ({ room, person }, input) => {
		await kick(room, person, input);
		return OK;
	}),
	ban: visit("ban", async ({ room, person }, input) => {
		await ban(room, person, input);
		return OK;
	}),
	unban: visit("unban", async ({ room, person }, input) => {
		await unban(room, person, input);
		return OK;
	}),
	transferOwnership: visit("transferOwnership", async ({ room, person }, input) => {
		await transferOwnership(room, person, input);
		return OK;
	}),
	createLink: visit("createLink", ({ room, person }, input) => createLink(room, person, input ?? {})),
	getLinks: visit("getLinks", async ({ room }) => ({ links: openLinks(room) })),
	revokeLink: visit("revokeLink", async ({ room, person }, input) => {
		await revokeLink(room, person, input);
		return OK;
	}),
	getAudit: visit("getAudit", ({ room }, input) => {
		const { before = Number.MAX_SAFE_INTEGER, limit = room.limits.auditPageDefault } = input ?? {};
		return readAudit(room.db, before, Math.min(limit, room.limits.auditPageMax));
	}),
	updateRoom: visit("updateRoom", async ({ room, person }, input) => {
		await updateRoom(room, person, input);
		return OK;
	}),
	runCommand: visit("runCommand", async ({ room, person, connection }, input) => {
		room.audience.spend(connection, "send");
		await runCommand(room, person, input);
		return OK;
	}),
	getHooks: visit("getHooks", ({ room }) => listHooks(room)),
	createHook: visit("createHook", ({ room, person }, input) => createHook(room, person, input)),
	setHookActive: visit("setHookActive", async ({ room, person }, input) => {
		await setHookActive(room, person, input);
		return OK;
	}),
	removeHook: visit("removeHook", async ({ room, person }, input) => {
		await removeHook(room, person, input);
		return OK;
	}),
	getDeliveries: visit("getDeliveries", ({ room }, input) => listDeliveries(room, input)),
	receiveHook: serviceAction<Room, "chatRoom", "receiveHook">("chatRoom", "receiveHook", (c, input) =>
		receiveHook(c.vars, input),
	),
	search: visit("search", ({ room, person }, input) => searchRoom(room, person, input)),
	showFound: serviceAction<Room, "chatRoom", "showFound">("chatRoom", "showFound", async (c, input) => ({
		hits: await showFound(c.vars, input),
	})),
	tellIndex: serviceAction<Room, "chatRoom", "tellIndex">("chatRoom", "tellIndex", async (c) => {
		await c.vars.indexFeed.beginAgain();
		return OK;
	}),
	beginExport: serviceAction<Room, "chatRoom", "beginExport">("chatRoom", "beginExport", (c, who) =>
		beginExport(c.vars, who),
	),
	exportRows: serviceAction<Room, "chatRoom", "exportRows">("chatRoom", "exportRows", (c, asked) =>
		exportRows(c.vars, asked),
	),
	checkExport: serviceAction<Room, "chatRoom", "checkExport">("chatRoom", "checkExport", async (c, who) => {
		refuseExport(c.vars, who);
		return OK;
	}),
	stageImport: serviceAction<Room, "chatRoom", "stageImport">("chatRoom", "stageImport", async (c, input) => {
		await stage(c.vars, input);
		return OK;
	}),
	importRows: serviceAction<Room, "chatRoom", "importRows">("chatRoom", "importRows", (c, input) =>
		importRows(c.vars, input),
	),
	getStaged: serviceAction<Room, "chatRoom", "getStaged">("chatRoom", "getStaged", (c) => readStaged(c.vars)),
	init: serviceAction<Room, "chatRoom", "init">("chatRoom", "init", async (c, input) => {
		await initialise(c.vars, input);
		return OK;
	}),
	canEnter: serviceAction<Room, "chatRoom", "canEnter">("chatRoom", "canEnter", async (c, { userId }) => {
		if (!c.vars.isInitialised) throw notOpenToYou();
		const member = c.vars.memberOf(userId);
		const standing = standingIn(c.vars.room.visibility, member, "member");
		return { canEnter: standing !== "outsider", isJoined: member?.status === "joined" };
	}),
	enterByLink: serviceAction<Room, "chatRoom", "enterByLink">("chatRoom", "enterByLink", async (c, input) => {
		await enterByLink(c.vars, input);
		return { name: c.vars.room.name };
	}),
	barPerson: serviceAction<Room, "chatRoom", "barPerson">("chatRoom", "barPerson", async (c, input) => {
		await barPerson(c.vars, input);
		return OK;
	}),
	admitAttachment: serviceAction<Room, "chatRoom", "admitAttachment">(
		"chatRoom",
		"admitAttachment",
		async (c, input) => {
			admitAttachment(c.vars, input);
			return OK;
		},
	),
	getAttachment: serviceAction<Room, "chatRoom", "getAttachment">("chatRoom", "getAttachment", async (c, input) => ({
		attachment: await getAttachment(c.vars, input),
	})),
	findAttachments: serviceAction<Room, "chatRoom", "findAttachments">(
		"chatRoom",
		"findAttachments",
		async (c, input) => ({
			ids: await findTaken(c.vars.db, input.ids),
		}),
	),
	getPosition: serviceAction<Room, "chatRoom", "getPosition">("chatRoom", "getPosition", async (c, input, service) => {
		if (service.subject !== `userInbox:${input.userId}` || !c.vars.isInitialised) throw notOpenToYou();
		return c.vars.outbox.positionOf(input.userId, input);
	}),
	cardAlarm: alarmAction<Room>((c) => c.vars.card.ring()),
	filesAlarm: alarmAction<Room>((c) => c.vars.files.ring()),
	hookAlarm: alarmAction<Room>((c) => c.vars.deliveries.ring()),
	outboxAlarm: alarmAction<Room>((c) => c.vars.tellRest()),
	importAlarm: alarmAction<Room>((c) => endStaged(c.vars)),
	pruneAlarm: alarmAction<Room>((c) => {
		c.vars.pruneAlarm.rang();
		return prune(c.vars);
	}),
};

/** One room: its people and its messages in one order. Key `[roomId]`; answers nothing before the directory's `init`. */
export const chatRoom = actor({
	options: { name: "chatRoom" },
	db: db({ onMigrate: (tables) => migrate(tables, MIGRATIONS, COMMIT_VIEW) }),
	createVars: (c: Frame<unknown>): Room => new Room(c, optionsOf(c)),
	createConnState: (c: Frame<Room>, params: unknown): Promise<Caller> =>
		answer(c, async () => {
			const caller = identify(params, { keys, actor: "chatRoom", key: c.key, limits, now: Date.now() });
			if (caller.kind === "person") c.vars.door.receive(caller);
			return caller;
		}),
	onWake: async (c: WakeFrame<Room>) => {
		await c.vars.wake([...c.conns.values()]);
		rooms.wokeUp(c.vars.id, c.vars);
	},
	onSleep: (c: Frame<Room>) => {
		rooms.fellAsleep(c.vars.id, c.vars);
		return c.vars.sleep();
	},
	onConnect: (c: Frame<Room>, connection: Connection) => c.vars.relay.opened(connection),
	onDisconnect: (c: Frame<Room>, connection: Connection) => c.vars.relay.closed(connection),
	events: {
		newMessage: heard("newMessage"),
		roomChanged: heard("roomChanged"),
		typing: heard("typing"),
		presence: heard("presence"),
		commandCalled: heard("commandCalled"),
	},
	actions: { ...actions, ...relayActions<Room>("chatRoom", actions) },
});
