import { createPublicKey, generateKeyPairSync, randomBytes } from "node:crypto";
import { chmodSync, linkSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Refusal } from "./refusal.ts";

/** Who signs tokens. Each has an Ed25519 pair, `<issuer>.private.pem` (PKCS #8) and `<issuer>.public.pem` (SPKI). */
const ISSUERS = ["web", "actors", "edge"] as const;

export type Keys = {
	/** What `BULLPEN_KEYS` names. */
	readonly folder: string;
	/** Admin token of the engine. */
	readonly engineToken: string;
};

/**
 * Makes the data folder private to this user, and every key in it that is missing. A key that exists is never replaced.
 * @throws Refusal when a key could have been read by others or does not match its pair.
 */
export function prepareKeys(dataFolder: string): Keys {
	mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
	chmodSync(dataFolder, 0o700);
	const folder = join(dataFolder, "keys");
	mkdirSync(folder, { recursive: true, mode: 0o700 });
	assertPrivate(folder);
	for (const issuer of ISSUERS) makePair(folder, issuer, newPrivateKey);
	makePair(folder, "push", newPushKey);
	readOrMake(join(folder, "auth.secret"), newSecret);
	return { folder, engineToken: readOrMake(join(folder, "engine.token"), newSecret) };
}

function makePair(folder: string, name: string, make: () => string): void {
	const privateKey = readOrMake(join(folder, `${name}.private.pem`), make);
	const publicPath = join(folder, `${name}.public.pem`);
	const derived = createPublicKey(privateKey).export({ type: "spki", format: "pem" }).toString();
	if (readOrMake(publicPath, () => derived) !== derived) {
		throw new Refusal(`${publicPath} does not belong to ${name}.private.pem: delete the wrong one of the two.`);
	}
}

/** By it push services know this server (VAPID, RFC 8292). */
const newPushKey = (): string =>
	generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ type: "pkcs8", format: "pem" }).toString();

const newPrivateKey = (): string =>
	generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }).toString();

const newSecret = (): string => randomBytes(32).toString("base64url");

/** Whole or not at all, and the first to write wins: a link, unlike a rename, never replaces. */
function readOrMake(path: string, make: () => string): string {
	const draft = `${path}.${process.pid}.new`;
	try {
		if (!statSync(path, { throwIfNoEntry: false })) {
			writeFileSync(draft, make(), { mode: 0o600, flush: true });
			linkSync(draft, path);
		}
	} catch (error) {
		if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
	} finally {
		rmSync(draft, { force: true });
	}
	assertPrivate(path);
	return readFileSync(path, "utf8");
}

function assertPrivate(path: string): void {
	if (process.platform === "win32") return; // no such modes there
	const { mode, uid } = statSync(path);
	if (process.getuid && uid !== process.getuid()) throw new Refusal(`${path} belongs to another user (id ${uid}).`);
	const shown = (mode & 0o777).toString(8);
	if ((mode & 0o077) === 0) return;
	throw new Refusal(
		`${path} is open to other users (mode ${shown}). If nobody can have read it: chmod go= '${path}'; else delete it and a new key is made.`,
	);
}
