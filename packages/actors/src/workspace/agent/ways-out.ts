import type { Provider } from "@bullpen/credentials/provider";
import type { Limits } from "@bullpen/domain/limits";
import { type EgressOptions, openEgressProxy } from "../egress/egress-proxy.ts";
import type { AgentKind } from "./agents/agent-kind.ts";
import type { SandboxUser } from "./bubblewrap.ts";
import {
	EGRESS_PORT,
	EGRESS_SOCKET_PATH,
	type LaunchPlan,
	MODEL_PORT,
	MODEL_SOCKET_PATH,
	planLaunch,
} from "./launch.ts";
import type { ModelAccess } from "./model-door.ts";
import { socketPlace } from "./socket-place.ts";

export interface WaysOutWish {
	readonly agent: AgentKind;
	/** The folder of the agent's package; undefined where it is part of Bullpen. */
	readonly packageFolder: string | undefined;
	/** The way to models; without it and `egress` there is no way out. */
	readonly models?: { readonly access: ModelAccess; readonly provider: Provider } | undefined;
	/** The way to named hosts: open also while none is named, so that naming one counts at once and a refusal says why. */
	readonly egress?: EgressOptions | undefined;
	readonly limits: Limits;
}

/** The open ways out of one sandbox, and what its agent is given to use them. */
export interface WaysOut {
	/** The sockets of ours that lead out. */
	readonly sockets: readonly string[];
	/** What the bridge is told of them. */
	readonly options: readonly string[];
	readonly plan: LaunchPlan;
	close(): Promise<void>;
}

/** @throws Error when one cannot be opened; then none is left open */
export async function openWaysOut(folder: string, user: SandboxUser, wish: WaysOutWish): Promise<WaysOut> {
	const { models, egress, limits } = wish;
	const opened: (() => Promise<void>)[] = [];
	const close = async () => {
		for (const end of opened.splice(0).reverse()) await end();
	};
	const socketUid = user.kind === "dropped" ? { socketUid: user.uid } : {};
	try {
		const model = models && (await socketPlace(folder, "model"));
		if (model) opened.push(model.release);
		const door = model && (await models.access.open(models.provider, { socketPath: model.path, ...socketUid }));
		if (door) opened.push(() => door.close());
		const out = egress && (await socketPlace(folder, "egress"));
		if (out) opened.push(out.release);
		const proxy = out && egress && (await openEgressProxy(egress, { socketPath: out.path, ...socketUid }, limits));
		if (proxy) opened.push(() => proxy.close());
		const plan = await planLaunch({
			agent: wish.agent,
			packageFolder: wish.packageFolder,
			folder,
			door: door && { door, socketPath: model.path },
			egressSocketPath: out?.path,
		});
		return {
			sockets: [model, out].flatMap((place) => (place ? [place.path] : [])),
			options: [
				...(model ? ["--model-port", String(MODEL_PORT), "--model-socket", MODEL_SOCKET_PATH] : []),
				...(out ? ["--egress-port", String(EGRESS_PORT), "--egress-socket", EGRESS_SOCKET_PATH] : []),
			],
			plan,
			close,
		};
	} catch (error) {
		await close();
		throw error;
	}
}
