import { createPrivateKey } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Problem } from "@bullpen/domain/problem";
import type { BlobStore } from "@bullpen/files/blob-store";
import { FolderStore } from "@bullpen/files/folder-store";
import { type AccountsDatabase, openAccounts } from "./accounts-database.ts";
import { type Auth, createAuth, migrateAccounts } from "./auth.ts";
import { Buckets } from "./buckets.ts";
import { type DirectoryCalls, directoryCalls, type RedeemBot, type TellDirectory } from "./directory-calls.ts";
import { EndedSessions } from "./ended-sessions.ts";
import { Person } from "./person.ts";
import { directoryRegistration, type Register, rememberingRegistration } from "./registration.ts";
import { type CallActor, serviceCalls } from "./service-calls.ts";
import { readSettings, type Settings } from "./settings.ts";
import type { Signer } from "./tickets.ts";
import { FairTurns } from "./turns.ts";
import { WaitingFiles } from "./waiting-files.ts";

/** Everything the web's server side needs to say who somebody is. One per process. */
export interface Identity {
	readonly settings: Settings;
	readonly database: AccountsDatabase;
	readonly auth: Auth;
	readonly signer: Signer;
	readonly register: Register;
	readonly tellDirectory: TellDirectory;
	readonly redeemBot: RedeemBot;
	readonly ticketRate: Buckets;
	readonly callActor: CallActor;
	/** Files of messages, and which of them still wait for theirs. */
	readonly blobs: BlobStore;
	readonly waitingFiles: WaitingFiles;
	/** One picture at a time is drawn small, whichever way it came. */
	readonly pictureTurns: FairTurns;
	readonly uploadRate: Buckets;
	readonly lookRate: Buckets;
}

/** What stands in for actors in tests. */
export interface StandIn extends Partial<DirectoryCalls> {
	readonly callActor?: CallActor;
}

export async function openIdentity(settings: Settings, standIn: StandIn = {}): Promise<Identity> {
	const { keysFolder, limits } = settings;
	const secret = readFileSync(join(keysFolder, "auth.secret"), "utf8").trim();
	const signer = { key: createPrivateKey(readFileSync(join(keysFolder, "web.private.pem"))), limits };
	const database = openAccounts(settings.accounts);
	const { callActor = serviceCalls(settings.engine, signer) } = standIn;
	const endedSessions = new EndedSessions(callActor, limits);
	const { tell: tellDirectory, redeemBot } = { ...directoryCalls(callActor), ...standIn };
	const auth = createAuth(settings, database, secret, {
		sessionEnded: (session) => endedSessions.tell(session),
		passwordReset: (userId) =>
			tellDirectory("endConnections", { userId }).catch((error: unknown) => {
				// The password is another one already; what is open ends with its leases.
				process.stderr.write(`open connections were not ended with a password: ${String(error)}\n`);
			}),
	});
	const blobs = new FolderStore(join(settings.dataFolder, "files"));
	await migrateAccounts(auth);
	return {
		settings,
		database,
		auth,
		signer,
		register: rememberingRegistration(directoryRegistration(tellDirectory)),
		tellDirectory,
		redeemBot,
		ticketRate: new Buckets({ burst: limits.ticketBurstPerSession, perSecond: limits.ticketPerSecondPerSession }),
		callActor,
		blobs,
		waitingFiles: new WaitingFiles(settings, blobs, callActor),
		pictureTurns: new FairTurns(),
		uploadRate: new Buckets({
			burst: limits.fileUploadBurstPerPerson,
			perSecond: limits.fileUploadsPerSecondPerPerson,
		}),
		lookRate: new Buckets({ burst: limits.fileLookBurstPerPerson, perSecond: limits.fileLooksPerSecondPerPerson }),
	};
}

declare global {
	/** Here, because Next bundles the start-up hook, the pages and the API apart, and development reloads them. */
	var bullpenIdentity: Promise<Identity> | undefined;
}

/** The one of this process, opened when first asked for: building the pages reads no environment. */
export function identity(): Promise<Identity> {
	globalThis.bullpenIdentity ??= openIdentity(readSettings(process.env)).catch((cause) => {
		globalThis.bullpenIdentity = undefined;
		throw cause;
	});
	return globalThis.bullpenIdentity;
}

export async function personOf(
	{ auth }: Identity,
	headers: Headers,
): Promise<{ person: Person; sessionId: string } | null> {
	const found = await auth.api.getSession({ headers });
	if (!found || found.user.isClosed) return null;
	return { person: Person.parse(found.user), sessionId: found.session.id };
}

/** @throws Problem `unauthenticated` */
export async function requirePerson(held: Identity, headers: Headers): Promise<{ person: Person; sessionId: string }> {
	const found = await personOf(held, headers);
	if (!found) throw new Problem("unauthenticated", "Sign in first.");
	return found;
}
