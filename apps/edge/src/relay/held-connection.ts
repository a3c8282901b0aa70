import type { Limits } from "@bullpen/domain/limits";
import { type Ending, UpstreamSocket } from "./upstream-socket.ts";

export interface HeldConnectionHost {
	readonly limits: Limits;
	readonly url: string;
	/** A fresh token for this actor. */
	token(): string;
	/** Whether a connection that broke should be opened again. */
	isNeeded(): boolean;
	opened(socket: UpstreamSocket, actorId: string): void;
	heard(name: string, args: readonly unknown[]): void;
	/** It ended, and everything that was bound to it. */
	lost(): void;
	/** There is no such actor, or none for anybody. */
	refused(ending: Ending): void;
	/** Asks for a sign of life. */
	check(): void;
	/** The actor fell silent: its process may be dead, and others of it do not know yet. */
	fellSilent(): void;
	warn(what: string): void;
}

/**
 * Keeps one connection to one actor: opens it again after it broke, sooner at first, and gives it up when it looks open
 * but is silent (after a kill of the actor's process RivetKit 2.3.19 does not close it).
 */
export class HeldConnection {
	readonly #host: HeldConnectionHost;
	#socket: UpstreamSocket | undefined;
	#retry: NodeJS.Timeout | undefined;
	#attempts = 0;

	constructor(host: HeldConnectionHost) {
		this.#host = host;
	}

	/** When it is open. */
	get socket(): UpstreamSocket | undefined {
		return this.#socket?.isOpen ? this.#socket : undefined;
	}

	open(): void {
		if (this.#socket !== undefined || this.#retry !== undefined) return;
		const { url, limits } = this.#host;
		const socket = new UpstreamSocket(url, this.#host.token(), limits, {
			opened: (actorId) => this.#host.opened(socket, actorId),
			heard: (name, args) => this.#host.heard(name, args),
			ended: (ending) => this.#ended(ending),
		});
		this.#socket = socket;
	}

	/** It answered: the next failure is the first one again. */
	noteAlive(): void {
		this.#attempts = 0;
	}

	/** It says what cannot be right. */
	giveUp(why: string): void {
		this.#host.warn(why);
		this.#socket?.end(why);
	}

	close(): void {
		clearTimeout(this.#retry);
		this.#socket?.end();
	}

	sweep(now: number): void {
		const { socket } = this;
		if (socket === undefined) return;
		const { oldestMs, owedMs, quietMs } = socket.silence(now);
		const { edgeUpstreamSilentMs, edgeUpstreamCheckMs, edgeHandshakeMs } = this.#host.limits;
		if (oldestMs > edgeHandshakeMs) this.giveUp("an answer is missing");
		else if (owedMs > edgeUpstreamSilentMs) {
			socket.end("it fell silent");
			this.#host.fellSilent();
		} else if (owedMs > edgeUpstreamSilentMs / 2 || quietMs > edgeUpstreamCheckMs) this.#host.check();
	}

	#ended(ending: Ending): void {
		this.#socket = undefined;
		this.#host.lost();
		if (isFinal(ending)) {
			this.#host.refused(ending);
			return;
		}
		if (ending.type === "refused")
			this.#host.warn(`it refused this edge: ${ending.refusal.group}/${ending.refusal.code}`);
		if (ending.type === "closed" && ending.code === 1011) this.#host.warn(`it closed: ${ending.reason}`);
		if (this.#host.isNeeded()) this.#openLater();
	}

	#openLater(): void {
		const { edgeUpstreamRetryMs, edgeUpstreamRetryMaxMs } = this.#host.limits;
		const waitMs = Math.min(edgeUpstreamRetryMaxMs, edgeUpstreamRetryMs * 2 ** Math.min(this.#attempts, 10));
		this.#attempts++;
		this.#retry = setTimeout(
			() => {
				this.#retry = undefined;
				if (this.#host.isNeeded()) this.open();
			},
			waitMs * (0.5 + Math.random() / 2),
		).unref();
	}
}

/** An actor that is not there, or was never begun, does not come by waiting. */
function isFinal(ending: Ending): boolean {
	if (ending.type === "closed") return /^actor\.not_found(?:#|$)/.test(ending.reason);
	return ending.type === "refused" && FINAL.has(`${ending.refusal.group}/${ending.refusal.code}`);
}
const FINAL: ReadonlySet<string> = new Set(["actor/not_found", "user/not_found", "user/not_initialised"]);
