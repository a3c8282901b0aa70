import type { Egress, RefusedHost, SetEgressInput } from "@bullpen/domain/egress";
import {
	chosenEgress,
	egressChange,
	egressRules,
	ignoring,
	stillRefused,
	withRefused,
} from "@bullpen/domain/egress-rules";
import type { Actor } from "@bullpen/domain/prompt-rules";
import type { EgressOptions } from "./egress/egress-proxy.ts";
import { putAct, report, type Scope, type WorkspaceDraft } from "./scope.ts";
import type { Session } from "./session.ts";

type Acting = (draft: WorkspaceDraft) => Actor;

/** Where the sandbox's programs may go, as the owner decides, and where they were refused. */
export class Reach {
	readonly #scope: Scope;
	readonly #session: Session;
	readonly #known = new WeakMap<Egress, ReturnType<typeof egressRules>>();
	/** Refused since the last commit, by host, port and reason. */
	readonly #waiting = new Map<string, RefusedHost>();
	#timer: NodeJS.Timeout | undefined;

	constructor(scope: Scope, session: Session) {
		this.#scope = scope;
		this.#session = session;
	}

	/** For the proxy of the sandbox: asked for every connection. */
	get options(): EgressOptions {
		return {
			rules: () => this.#rules(),
			onRefused: (target, reason) => this.#refused({ ...target, reason, at: this.#scope.now() }),
			onUsed: ({ connections, refused, bytesSent, bytesReceived }) =>
				this.#scope.frame.log.info({ msg: "a sandbox reached hosts", connections, refused, bytesSent, bytesReceived }),
		};
	}

	/** All of it, in place of what was. @throws Problem `bad_input` */
	async set(input: SetEgressInput, acting: Acting): Promise<void> {
		await this.#scope.writer.write((draft) => {
			const { userId: by } = acting(draft);
			const session = this.#session.seen(draft);
			const egress = chosenEgress(input, session?.egress, this.#scope.limits);
			const change = egressChange(session?.egress, egress);
			if (change.added.length + change.removed.length === 0) return;
			this.#session.put(draft, { egress, refusedHosts: shown(stillRefused(session?.refusedHosts ?? [], egress)) });
			putAct(this.#scope, draft, { type: "egress-changed", by, ...change });
		});
	}

	/** It stays refused, and nobody hears of it any more. */
	async ignore(host: string, acting: Acting): Promise<void> {
		await this.#scope.writer.write((draft) => {
			acting(draft);
			const session = this.#session.seen(draft);
			const refused = session?.refusedHosts ?? [];
			// Only what was told can be ignored: names of anybody's own making are not kept.
			if (!refused.some((one) => one.host === host)) return;
			this.#session.put(draft, {
				egress: ignoring(session?.egress, host, this.#scope.limits),
				refusedHosts: shown(refused.filter((one) => one.host !== host)),
			});
		});
	}

	/** Call from `onSleep`. */
	close(): void {
		clearTimeout(this.#timer);
		this.#timer = undefined;
		this.#waiting.clear();
	}

	#rules(): ReturnType<typeof egressRules> {
		const egress = this.#session.row?.egress;
		if (egress === undefined) return [];
		const known = this.#known.get(egress) ?? egressRules(egress);
		this.#known.set(egress, known);
		return known;
	}

	#refused(host: RefusedHost): void {
		const { row } = this.#session;
		const { limits } = this.#scope;
		const isNews = withRefused(row?.refusedHosts ?? [], host, row?.egress, limits) !== undefined;
		if (!isNews || this.#waiting.size >= limits.egressRefusedMax) return;
		this.#waiting.set(`${host.reason} ${host.host}:${host.port}`, host);
		this.#timer ??= setTimeout(() => this.#tell(), limits.transcriptPauseMs);
	}

	#tell(): void {
		const refused = [...this.#waiting.values()];
		this.close();
		const { frame, writer, limits } = this.#scope;
		const told = writer.write((draft) => {
			const session = this.#session.seen(draft);
			if (session === undefined || session.deleted !== undefined) return;
			let hosts: readonly RefusedHost[] = session.refusedHosts ?? [];
			for (const one of stillRefused(refused, session.egress)) {
				hosts = withRefused(hosts, one, session.egress, limits) ?? hosts;
			}
			this.#session.put(draft, { refusedHosts: shown(hosts) });
		});
		frame.keepAwake(told).catch(report(this.#scope, "what was refused is not told"));
	}
}

/** None is left out of the row. */
const shown = (hosts: readonly RefusedHost[]): RefusedHost[] | undefined =>
	hosts.length === 0 ? undefined : [...hosts];
