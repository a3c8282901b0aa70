import {
	createDecipheriv,
	createECDH,
	createHmac,
	createPublicKey,
	randomBytes,
	randomUUID,
	verify,
} from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { PushMessage, type PushSubscription } from "@bullpen/domain/push";

/** What a push service gets to see of a message. */
export interface Received {
	readonly path: string;
	readonly headers: IncomingMessage["headers"];
	readonly body: Buffer;
}

/** A browser's device at the fake push service: its keys stay here, as they stay in a browser. */
export class FakeDevice {
	readonly subscription: PushSubscription;
	readonly #ecdh = createECDH("prime256v1");
	readonly #auth = randomBytes(16);
	readonly #received: Received[];

	constructor(origin: string, received: Received[]) {
		const p256dh = this.#ecdh.generateKeys("base64url", "uncompressed");
		const endpoint = `${origin}/push/${randomUUID()}`;
		this.subscription = { endpoint, keys: { p256dh, auth: this.#auth.toString("base64url") } };
		this.#received = received;
	}

	/** What was sent to it, encrypted. */
	get received(): Received[] {
		const { pathname } = new URL(this.subscription.endpoint);
		return this.#received.filter(({ path }) => path === pathname);
	}

	/** What it can read of that. */
	get messages(): PushMessage[] {
		return this.received.map((one) => this.read(one));
	}

	/** @throws when it is not for this device */
	read({ body }: Received): PushMessage {
		return PushMessage.parse(JSON.parse(this.#decrypt(body).toString("utf8")));
	}

	/** RFC 8291 3.4 over RFC 8188: one record of aes128gcm. */
	#decrypt(body: Buffer): Buffer {
		const [salt, length] = [body.subarray(0, 16), body.readUInt8(20)];
		const sender = body.subarray(21, 21 + length);
		const record = body.subarray(21 + length);
		const shared = this.#ecdh.computeSecret(sender);
		const info = Buffer.concat([Buffer.from("WebPush: info\0"), this.#ecdh.getPublicKey(), sender]);
		const ikm = hkdf(this.#auth, shared, info, 32);
		const key = hkdf(salt, ikm, Buffer.from("Content-Encoding: aes128gcm\0"), 16);
		const nonce = hkdf(salt, ikm, Buffer.from("Content-Encoding: nonce\0"), 12);
		const decipher = createDecipheriv("aes-128-gcm", key, nonce);
		decipher.setAuthTag(record.subarray(-16));
		const padded = Buffer.concat([decipher.update(record.subarray(0, -16)), decipher.final()]);
		return padded.subarray(0, padded.lastIndexOf(2));
	}
}

/** RFC 5869 for up to one block. */
function hkdf(salt: Buffer, key: Buffer, info: Buffer, length: number): Buffer {
	const extracted = createHmac("sha256", salt).update(key).digest();
	return createHmac("sha256", extracted).update(info).update(Buffer.of(1)).digest().subarray(0, length);
}

type Answer = (response: ServerResponse, tries: number) => void;

/** Stands for Google's, Mozilla's and Apple's: takes messages on loopback and shows what they saw, as they would. */
export interface FakePushService {
	readonly origin: string;
	readonly received: readonly Received[];
	device(): FakeDevice;
	/** What it answers from now on; 201 at first. `tries`: of the same device, this one included. */
	answers(answer: Answer): void;
	stop(): Promise<void>;
}

export async function startFakePushService(): Promise<FakePushService> {
	const received: Received[] = [];
	const created: Answer = (response) => response.writeHead(201).end();
	let answer = created;
	const server = createServer(async (request, response) => {
		const chunks: Buffer[] = [];
		for await (const chunk of request) chunks.push(chunk);
		const path = request.url ?? "";
		received.push({ path, headers: request.headers, body: Buffer.concat(chunks) });
		answer(response, received.filter((one) => one.path === path).length);
	});
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	const { port } = server.address() as AddressInfo;
	const origin = `http://127.0.0.1:${port}`;
	return {
		origin,
		received,
		device: () => new FakeDevice(origin, received),
		answers(next) {
			answer = next;
		},
		async stop() {
			server.closeAllConnections();
			server.close();
			await once(server, "close");
		},
	};
}

/** Whose message it is, as a push service proves it (RFC 8292): the claims of a genuine token. @throws for any other */
export function vapidClaims({ headers }: Received): { aud: string; sub: string; exp: number; publicKey: string } {
	const [, token = "", publicKey = ""] = /^vapid t=([^,]+), k=(.+)$/.exec(headers.authorization ?? "") ?? [];
	const [head = "", claims = "", signature = ""] = token.split(".");
	const point = Buffer.from(publicKey, "base64url");
	const [x = "", y = ""] = [point.subarray(1, 33), point.subarray(33)].map((half) => half.toString("base64url"));
	const key = createPublicKey({ format: "jwk", key: { kty: "EC", crv: "P-256", x, y } });
	const signed = Buffer.from(`${head}.${claims}`);
	const isGenuine = verify("sha256", signed, { key, dsaEncoding: "ieee-p1363" }, Buffer.from(signature, "base64url"));
	if (!isGenuine) throw new Error("the token is not genuine");
	return { ...JSON.parse(Buffer.from(claims, "base64url").toString("utf8")), publicKey };
}
