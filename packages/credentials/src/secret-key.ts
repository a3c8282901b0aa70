import { hkdfSync, randomBytes } from "node:crypto";
import { linkSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { CredentialsFault } from "./fault.ts";

/** What encrypts stored keys, and a name for it that tells nothing about it. */
export interface SecretKey {
	readonly bytes: Buffer;
	/** Kept beside what it sealed, so that a wrong key is known as such. */
	readonly id: string;
}

const CHARS_MIN = 32;

/** `text` is random already (a password is not), so that one pass of HKDF is enough. */
export function secretKeyOf(text: string): SecretKey {
	if (text.length < CHARS_MIN) {
		throw new CredentialsFault(
			`The key for credentials has fewer than ${CHARS_MIN} characters: make one with \`openssl rand -base64 32\`.`,
		);
	}
	const derive = (purpose: string, length: number) => Buffer.from(hkdfSync("sha256", text, "", purpose, length));
	return {
		bytes: derive("bullpen credentials, sealing, 1", 32),
		id: derive("bullpen credentials, name of the key, 1", 8).toString("hex"),
	};
}

/** The text in the file, which is made when it is missing: the first process to write wins, and nobody reads half of it. */
export function readOrMakeSecret(path: string): string {
	mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
	const draft = `${path}.${process.pid}.new`;
	try {
		if (!statSync(path, { throwIfNoEntry: false })) {
			writeFileSync(draft, randomBytes(32).toString("base64url"), { mode: 0o600, flush: true });
			linkSync(draft, path);
		}
	} catch (error) {
		if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
	} finally {
		rmSync(draft, { force: true });
	}
	return readSecret(path);
}

/** @throws CredentialsFault when others could have read it. */
export function readSecret(path: string): string {
	const { mode, uid } = statSync(path);
	const isPrivate = process.platform === "win32" || ((mode & 0o077) === 0 && uid === process.getuid?.());
	if (!isPrivate) {
		const shown = (mode & 0o777).toString(8);
		throw new CredentialsFault(`${path} (mode ${shown}, user ${uid}) must be this user's alone: chmod 600 '${path}'.`);
	}
	return readFileSync(path, "utf8").trim();
}
