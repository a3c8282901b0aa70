import { type BotScope, scopesOf } from "./bot.ts";
import type { ActorName, ServerRole, ServiceClaims } from "./identity.ts";
import type { RoomStanding } from "./membership.ts";
import { Problem } from "./problem.ts";
import type { ActionName } from "./wire.ts";
import type { WorkspaceRole } from "./workspace.ts";

/** What a person can be to each actor. */
export interface Standings {
	chatRoom: RoomStanding;
	userInbox: "self" | "other";
	workspace: WorkspaceRole | "outsider";
	directory: ServerRole;
	search: ServerRole;
}

/** Callers with a service token: who signed it, and the actor or process it was made for (the subject before its `:`). */
export interface ServiceRule {
	readonly issuer: ServiceClaims["iss"];
	readonly subject: string;
}
/**
 * People with one of these standings, or one of these services; never both, and nobody who is not named. Bots come as
 * people do, and only where it says which scope of their token it takes; `any`: whatever it is.
 */
export type Rule<Standing extends string> =
	| { readonly people: readonly Standing[]; readonly bots?: BotScope | "any" }
	| { readonly services: readonly ServiceRule[] };

const DIRECTORY: ServiceRule = { issuer: "actors", subject: "directory" };
const ROOM: ServiceRule = { issuer: "actors", subject: "chatRoom" };
const INBOX: ServiceRule = { issuer: "actors", subject: "userInbox" };
const WORKSPACE: ServiceRule = { issuer: "actors", subject: "workspace" };
const SERVER: ServiceRule = { issuer: "actors", subject: "server" };
const WEB: ServiceRule = { issuer: "web", subject: "web" };
const SEARCH: ServiceRule = { issuer: "actors", subject: "search" };
const EDGE: ServiceRule = { issuer: "edge", subject: "edge" };
const RELAYED = {
	attach: { services: [EDGE] },
	detach: { services: [EDGE] },
	forward: { services: [EDGE] },
	listen: { services: [EDGE] },
} as const;

const MANAGERS = ["owner", "admin"] as const;
/** In a direct room there is nothing to run, and nobody to let in or show out. */
const POSTERS = [...MANAGERS, "member", "guest", "direct"] as const;
const READERS = [...POSTERS, "previewer"] as const;
const PROMPTERS = ["owner", "prompter"] as const;
const VIEWERS = [...PROMPTERS, "viewer"] as const;

/** Every action of the wire and who may call it. What is not written here is refused. */
export const AUTHORIZATION: {
	readonly [A in ActorName]: { readonly [N in ActionName<A>]: Rule<Standings[A]> };
} = {
	chatRoom: {
		...RELAYED,
		getHistory: { people: READERS, bots: "read" },
		getMessages: { people: READERS, bots: "read" },
		changesSince: { people: READERS, bots: "read" },
		getHash: { people: READERS, bots: "read" },
		getRoom: { people: [...READERS, "invited"], bots: "read" },
		join: { people: [...READERS, "invited"], bots: "any" },
		leave: { people: [...MANAGERS, "member", "guest", "invited"], bots: "any" },
		sendMessage: { people: POSTERS, bots: "write" },
		editMessage: { people: POSTERS, bots: "write" },
		deleteMessage: { people: POSTERS, bots: "write" },
		toggleReaction: { people: POSTERS, bots: "react" },
		setPinned: { people: [...MANAGERS, "member", "direct"] },
		followThread: { people: POSTERS },
		setTyping: { people: POSTERS, bots: "write" },
		invite: { people: [...MANAGERS, "member"] },
		setRole: { people: MANAGERS },
		kick: { people: MANAGERS },
		ban: { people: MANAGERS },
		unban: { people: MANAGERS },
		transferOwnership: { people: ["owner"] },
		createLink: { people: MANAGERS },
		getLinks: { people: MANAGERS },
		revokeLink: { people: MANAGERS },
		getAudit: { people: MANAGERS },
		updateRoom: { people: MANAGERS },
		runCommand: { people: POSTERS },
		getHooks: { people: MANAGERS },
		createHook: { people: MANAGERS },
		setHookActive: { people: MANAGERS },
		removeHook: { people: MANAGERS },
		getDeliveries: { people: MANAGERS },
		receiveHook: { services: [WEB] },
		search: { people: READERS, bots: "read" },
		showFound: { services: [SEARCH] },
		tellIndex: { services: [SEARCH] },
		beginExport: { services: [WEB] },
		exportRows: { services: [WEB] },
		checkExport: { services: [WEB] },
		stageImport: { services: [DIRECTORY] },
		importRows: { services: [WEB] },
		getStaged: { services: [DIRECTORY] },
		init: { services: [DIRECTORY] },
		getPosition: { services: [INBOX] },
		canEnter: { services: [DIRECTORY, WORKSPACE] },
		admitAttachment: { services: [WEB] },
		getAttachment: { services: [WEB] },
		findAttachments: { services: [WEB] },
		enterByLink: { services: [DIRECTORY] },
		barPerson: { services: [DIRECTORY] },
	},
	userInbox: {
		...RELAYED,
		getInbox: { people: ["self"], bots: "read" },
		changesSince: { people: ["self"], bots: "read" },
		markRead: { people: ["self"], bots: "read" },
		markAllRead: { people: ["self"], bots: "read" },
		markUnread: { people: ["self"] },
		markThreadRead: { people: ["self"] },
		explainUnread: { people: ["self"] },
		setLevel: { people: ["self"] },
		setMute: { people: ["self"] },
		setQuietHours: { people: ["self"] },
		noteUse: { people: ["self"] },
		testPush: { people: ["self"] },
		putPushDevice: { services: [WEB] },
		forgetPushDevice: { services: [WEB] },
		saveDraft: { people: ["self"] },
		noteRoom: { services: [ROOM] },
		noteWorkspace: { services: [WORKSPACE] },
		getPlaces: { services: [DIRECTORY, SEARCH] },
		barPerson: { services: [DIRECTORY] },
		init: { services: [DIRECTORY] },
	},
	workspace: {
		...RELAYED,
		getSessionInfo: { people: VIEWERS },
		getTranscript: { people: VIEWERS },
		changesSince: { people: VIEWERS },
		getOutput: { people: VIEWERS },
		getImage: { people: VIEWERS },
		searchTranscript: { people: VIEWERS },
		listFiles: { people: VIEWERS },
		readFile: { people: VIEWERS },
		listChanges: { people: VIEWERS },
		diff: { people: VIEWERS },
		getPatch: { people: VIEWERS },
		writeFile: { people: PROMPTERS },
		createFolder: { people: PROMPTERS },
		renameFile: { people: PROMPTERS },
		deleteFile: { people: PROMPTERS },
		commit: { people: PROMPTERS },
		prompt: { people: PROMPTERS },
		putAttachment: { people: PROMPTERS },
		removeAttachment: { people: PROMPTERS },
		getAttachment: { people: VIEWERS },
		findFiles: { people: PROMPTERS },
		getAudit: { people: VIEWERS },
		editPrompt: { people: PROMPTERS },
		movePrompt: { people: PROMPTERS },
		removePrompt: { people: PROMPTERS },
		sendNow: { people: PROMPTERS },
		pauseQueue: { people: PROMPTERS },
		resumeQueue: { people: PROMPTERS },
		cancelTurn: { people: PROMPTERS },
		answerPermission: { people: PROMPTERS },
		revokeRule: { people: PROMPTERS },
		setAgent: { people: PROMPTERS },
		setMode: { people: PROMPTERS },
		setModel: { people: PROMPTERS },
		setPayer: { people: PROMPTERS },
		setPolicy: { people: ["owner"] },
		setEgress: { people: ["owner"] },
		ignoreHost: { people: ["owner"] },
		getTerminal: { people: VIEWERS },
		openTerminal: { people: PROMPTERS },
		typeInTerminal: { people: PROMPTERS },
		resizeTerminal: { people: PROMPTERS },
		closeTerminal: { people: PROMPTERS },
		setTyping: { people: PROMPTERS },
		getChat: { people: VIEWERS },
		startFrom: { people: ["owner"] },
		cancelStart: { people: ["owner"] },
		sendChat: { people: VIEWERS },
		editChat: { people: VIEWERS },
		deleteChat: { people: VIEWERS },
		invite: { people: ["owner"] },
		setRole: { people: ["owner"] },
		kick: { people: ["owner"] },
		leave: { people: VIEWERS },
		transferOwnership: { people: ["owner"] },
		setVisibility: { people: ["owner"] },
		rename: { people: ["owner"] },
		archive: { people: ["owner"] },
		restore: { people: ["owner"] },
		deleteWorkspace: { people: ["owner"] },
		init: { services: [DIRECTORY] },
		barPerson: { services: [DIRECTORY] },
		askAgain: { services: [DIRECTORY] },
	},
	directory: {
		...RELAYED,
		list: { people: ["owner", "member", "guest"], bots: "read" },
		changesSince: { people: ["owner", "member", "guest"], bots: "read" },
		openRoom: { people: ["owner", "member"] },
		openDirect: { people: ["owner", "member"] },
		acceptLink: { people: ["owner", "member", "guest"] },
		setStatus: { people: ["owner", "member", "guest"], bots: "write" },
		getAudit: { people: ["owner"] },
		createWorkspace: { people: ["owner", "member"] },
		getBots: { people: ["owner"] },
		createBot: { people: ["owner"] },
		updateBot: { people: ["owner"] },
		renewBotToken: { people: ["owner"] },
		revokeBotToken: { people: ["owner"] },
		setBotActive: { people: ["owner"] },
		setCommands: { people: ["guest"], bots: "commands" },
		redeemBot: { services: [WEB] },
		checkBot: { services: [ROOM] },
		registerPerson: { services: [WEB] },
		notePicture: { services: [WEB] },
		setActive: { services: [WEB] },
		endConnections: { services: [WEB] },
		noteAct: { services: [WEB] },
		nameRoom: { services: [ROOM] },
		noteRoom: { services: [ROOM] },
		noteDepartures: { services: [ROOM] },
		noteAgents: { services: [SERVER] },
		noteWorkspace: { services: [WORKSPACE] },
		beginImport: { services: [WEB] },
		importPeople: { services: [WEB] },
		finishImport: { services: [WEB] },
		listRoomIds: { services: [SEARCH] },
		getNames: { services: [INBOX, WEB] },
		init: { services: [SERVER] },
	},
	search: {
		...RELAYED,
		search: { people: ["owner", "member", "guest"] },
		getIndexState: { people: ["owner", "member", "guest"] },
		noteMessages: { services: [ROOM] },
		findInRoom: { services: [ROOM] },
		barPerson: { services: [DIRECTORY] },
		init: { services: [SERVER] },
	},
};

const TABLE: Readonly<Record<ActorName, Readonly<Record<string, Rule<string>>>>> = AUTHORIZATION;

/** What is still done in an archived room: reading, going, and putting its people and itself in order. */
const IN_ARCHIVED: ReadonlySet<string> = new Set<ActionName<"chatRoom">>([
	"leave",
	"kick",
	"ban",
	"unban",
	"setRole",
	"transferOwnership",
	"getLinks",
	"revokeLink",
	"getHooks",
	"setHookActive",
	"removeHook",
	"getDeliveries",
	"getAudit",
	"updateRoom",
]);

/**
 * An archived room can be read, not changed: whatever a visitor may not do, and what is not named above, is refused.
 * @throws Problem `archived`
 */
export function refuseIfArchived(room: { readonly archivedAt?: number | undefined }, action: string): void {
	if (room.archivedAt === undefined || IN_ARCHIVED.has(action)) return;
	const rule = ruleOf("chatRoom", action);
	const isRead = action !== "join" && rule !== undefined && "people" in rule && rule.people.includes("previewer");
	if (!isRead) throw new Problem("archived", "This room is archived: it can be read, not changed.");
}

/** The rule of an action looked up by what somebody said its name is. */
export function ruleOf(actor: ActorName, name: string): Rule<string> | undefined {
	return Object.hasOwn(TABLE[actor], name) ? TABLE[actor][name] : undefined;
}

/** Whether people may call this action at all; a door to the outside lets nothing else through. */
export function isPublicAction(actor: ActorName, name: string): boolean {
	const rule = ruleOf(actor, name);
	return rule !== undefined && "people" in rule;
}

/**
 * The one question before every action a person calls. Somebody to whom a room or workspace is closed hears the same as
 * if it were not there.
 * @throws Problem `not_found` `not_member` `forbidden`
 */
export function authorise<A extends ActorName>(actor: A, name: ActionName<A>, standing: Standings[A]): void {
	const rule = ruleOf(actor, name);
	if (rule !== undefined && "people" in rule && rule.people.includes(standing)) return;
	if (standing === "outsider" || standing === "other") throw notOpenToYou();
	if (standing === "previewer" || standing === "invited") {
		throw new Problem("not_member", "Join this room first.");
	}
	throw new Problem("forbidden", "Your role does not allow this.");
}

/**
 * The question before that one, for bots: whether their token lets them. It tells nothing of what they ask about.
 * @throws Problem `forbidden` with `scope`
 */
export function refuseOutOfScope(
	actor: ActorName,
	name: string,
	caller: { readonly userId: string; readonly scopes?: readonly BotScope[] | undefined },
): void {
	const scopes = scopesOf(caller);
	if (scopes === undefined) return;
	const rule = ruleOf(actor, name);
	const scope = rule !== undefined && "people" in rule ? rule.bots : undefined;
	if (scope === undefined) throw new Problem("forbidden", "Bots do not do this.");
	if (scope !== "any" && !scopes.includes(scope)) {
		throw new Problem("forbidden", `This bot's token does not have the scope "${scope}".`, { scope });
	}
}

/** @throws Problem `forbidden` */
export function authoriseService(
	actor: ActorName,
	name: string,
	caller: { readonly issuer: string; readonly subject: string },
): void {
	const rule = ruleOf(actor, name);
	const subject = caller.subject.split(":")[0];
	const isNamed =
		rule !== undefined &&
		"services" in rule &&
		rule.services.some((service) => service.issuer === caller.issuer && service.subject === subject);
	if (!isNamed) throw new Problem("forbidden", "This caller is not allowed here.");
}

/** Also what a room answers that was never initialised: existence is not for strangers to learn. */
export const notOpenToYou = (): Problem => new Problem("not_found", "There is nothing here that is open to you.");
