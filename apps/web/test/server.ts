import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { closeAccounts } from "../lib/accounts-database.ts";
import { answer, type Endpoint } from "../lib/api.ts";
import { postAuth, postNameSignIn } from "../lib/auth-endpoint.ts";
import { offerOwnership } from "../lib/boot.ts";
import type { RedeemBot, TellDirectory } from "../lib/directory-calls.ts";
import { type Identity, openIdentity } from "../lib/identity.ts";
import type { CallActor } from "../lib/service-calls.ts";
import { readSettings } from "../lib/settings.ts";

export const PUBLIC_URL = "http://127.0.0.1:4040";

export interface Server extends Identity {
	readonly dataFolder: string;
	readonly webPublicKey: KeyObject;
	browser(address?: string): Browser;
}

/** The web's server side on accounts of its own, as Next would run it; gone when the test is. */
export async function startServer(
	variables: Readonly<Record<string, string>> = {},
	tellDirectory: TellDirectory = async () => {},
	redeemBot?: RedeemBot,
	callActor?: CallActor,
): Promise<Server> {
	const dataFolder = mkdtempSync(join(tmpdir(), "bullpen-web-"));
	const { privateKey, publicKey } = generateKeyPairSync("ed25519");
	writeFileSync(join(dataFolder, "web.private.pem"), privateKey.export({ format: "pem", type: "pkcs8" }));
	writeFileSync(join(dataFolder, "auth.secret"), "a secret for tests, long enough for the library");
	const settings = readSettings({
		BULLPEN_DATA: dataFolder,
		BULLPEN_KEYS: dataFolder,
		BULLPEN_MODE: "development",
		BULLPEN_PUBLIC_URL: PUBLIC_URL,
		BULLPEN_NAME_SIGN_IN: "1",
		RIVET_ENDPOINT: "http://127.0.0.1:1",
		RIVET_TOKEN: "unused",
		BULLPEN_LIMITS: '{"sessionEndWaitMs":1}', // there is no inbox to be told
		...variables,
	});
	const held = await openIdentity(settings, {
		tell: tellDirectory,
		...(redeemBot && { redeemBot }),
		...(callActor && { callActor }),
	});
	await offerOwnership(held);
	onTestFinished(async () => {
		await closeAccounts(held.database);
		rmSync(dataFolder, { recursive: true, force: true });
	});
	return { ...held, dataFolder, webPublicKey: publicKey, browser: (address) => new Browser(held, address) };
}

/** The variables of a server that others can reach. */
export const PRODUCTION = { BULLPEN_MODE: "production", BULLPEN_NAME_SIGN_IN: "0" };

let addresses = 0;

/** Keeps cookies and sends what a browser on our own page sends. Each has its own address, so no test waits for another. */
export class Browser {
	readonly #held: Identity;
	readonly #address: string;
	readonly #cookies = new Map<string, string>();
	lastSetCookie: string[] = [];

	constructor(held: Identity, address = `192.0.2.${++addresses}`) {
		this.#held = held;
		this.#address = address;
	}

	async post(
		endpoint: Endpoint,
		path: string,
		body: unknown = {},
		headers: Readonly<Record<string, string>> = {},
	): Promise<{ status: number; body: unknown }> {
		const request = new Request(new URL(path, this.#held.settings.publicUrl), {
			method: "POST",
			body: JSON.stringify(body),
			headers: { ...this.headers(), origin: this.#held.settings.publicUrl.origin, ...headers },
		});
		const response = await answer(this.#held, endpoint, request);
		this.#keep(response);
		return { status: response.status, body: await response.json() };
	}

	auth(path: string, body: unknown = {}): Promise<{ status: number; body: unknown }> {
		return this.post(postAuth, `/api/auth/${path}`, body);
	}

	signIn(name: string): Promise<{ status: number; body: unknown }> {
		return this.post(postNameSignIn, "/api/sign-in/name", { name });
	}

	headers(): Record<string, string> {
		const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; ");
		return { "content-type": "application/json", "x-forwarded-for": this.#address, ...(cookie && { cookie }) };
	}

	#keep(response: Response): void {
		this.lastSetCookie = response.headers.getSetCookie();
		for (const line of this.lastSetCookie) {
			const [, name, value] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
			if (name === undefined) continue;
			if (/max-age=0/i.test(line)) this.#cookies.delete(name);
			else this.#cookies.set(name, value ?? "");
		}
	}
}
