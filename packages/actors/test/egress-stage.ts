import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LIMITS, type Limits } from "@bullpen/domain/limits";
import { type EgressOptions, type EgressProxy, openEgressProxy } from "../src/workspace/egress/egress-proxy.ts";

export const PUBLIC = "93.184.215.14";
export const RULES = [{ host: "packages.test", ports: [80, 443] }];

/** A proxy of one sandbox, and hosts behind it. */
export class EgressStage {
	readonly folder = mkdtempSync(join(tmpdir(), "bullpen-egress-"));
	readonly dialled: [string, number][] = [];
	readonly #servers: Server[] = [];
	/** Whether those who ask stay when the proxy hangs up. */
	allowHalfOpen = false;
	#proxy: EgressProxy | undefined;

	get proxy(): EgressProxy {
		if (!this.#proxy) throw new Error("It is not open yet.");
		return this.#proxy;
	}

	/** @returns its port */
	async listen(server: Server): Promise<number> {
		this.#servers.push(server);
		server.listen(0, "127.0.0.1");
		await once(server, "listening");
		return (server.address() as AddressInfo).port;
	}

	/** @returns what connects to a host that says what it hears */
	async echo(): Promise<() => Socket> {
		const far = createServer((socket) => socket.on("error", () => undefined).pipe(socket));
		const port = await this.listen(far);
		return () => connect({ host: "127.0.0.1", port });
	}

	async open(options: Partial<EgressOptions> = {}, limits: Partial<Limits> = {}): Promise<EgressProxy> {
		const dial = await this.echo();
		this.#proxy = await openEgressProxy(
			{
				rules: () => RULES,
				resolve: async () => [PUBLIC],
				dial: (...target) => {
					this.dialled.push(target);
					return dial();
				},
				...options,
			},
			{ socketPath: join(this.folder, "egress.sock") },
			{ ...LIMITS, ...limits },
		);
		return this.#proxy;
	}

	connect(): Socket {
		const { allowHalfOpen } = this;
		return connect({ path: join(this.folder, "egress.sock"), allowHalfOpen }).on("error", () => undefined);
	}

	/** What the proxy answers to one request head, and the connection. */
	async ask(head: string): Promise<{ answer: string; socket: Socket }> {
		const socket = this.connect();
		socket.write(head);
		const answer = await new Promise<string>((resolve) => {
			socket.once("data", (chunk) => resolve(`${chunk}`));
			for (const end of ["end", "close"]) socket.once(end, () => resolve(""));
		});
		return { answer, socket };
	}

	tunnel(authority = "packages.test:443", headers = ""): Promise<{ answer: string; socket: Socket }> {
		return this.ask(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n${headers}\r\n`);
	}

	async close(): Promise<void> {
		await this.#proxy?.close();
		for (const server of this.#servers) server.close();
		rmSync(this.folder, { recursive: true, force: true });
	}
}
