import type { EgressOptions } from "../egress/egress-proxy.ts";
import type { SandboxInfo } from "./agent-host.ts";
import type { AgentSession, SessionContext } from "./agent-session.ts";
import type { AgentKind } from "./agents/agent-kind.ts";
import type { FilePlace } from "./bare-sandbox.ts";
import { choosePlace, type PlaceWish } from "./choose-place.ts";
import { confinedSandbox } from "./confined-sandbox.ts";
import { confinementNote } from "./confinement.ts";
import { equip } from "./equip.ts";
import type { ModelAccess } from "./model-door.ts";
import { settle } from "./place.ts";
import { activeLimits } from "./sandbox-limits.ts";
import { openSandboxSession } from "./sandbox-session.ts";
import { openVirtualSession } from "./virtual-session.ts";

export interface ChosenSandbox {
	readonly info: Omit<SandboxInfo, "sandboxId">;
	/** `onPlace` is told where the files are, as soon as they can be reached. */
	open(context: SessionContext, onPlace: (place: FilePlace) => void): Promise<AgentSession>;
}

export interface SandboxWish extends PlaceWish {
	readonly agent: AgentKind;
	readonly models?: ModelAccess;
	readonly allowVirtual?: boolean;
	readonly egress?: EgressOptions;
	onInstall?(done: number): void;
}

/**
 * A workspace gets a real sandbox when this machine can prove one, else the simulation, and keeps what it got: its files are
 * in one of the two.
 * @throws Error with the sentence to show
 */
export async function chooseSandbox(wish: SandboxWish): Promise<ChosenSandbox> {
	const { db, dataDir, agent } = wish;
	const { kind, possible } = await choosePlace(wish);
	if (kind === "confined") {
		const equipment = await equip(wish);
		await settle(db, dataDir, kind);
		const { toolbox, cgroups, proof, enclosure } = possible;
		return {
			info: { sandboxKind: kind, facts: { limits: activeLimits(wish.limits, enclosure?.bounds ?? cgroups), proof } },
			open: (context, onPlace) =>
				openSandboxSession(context, (onExit) => {
					const ground = { toolbox, cgroups, enclosure };
					const made = confinedSandbox({ ...context, ...equipment, ...ground, egress: wish.egress, onExit });
					return { ...made, getFetch: (id) => told(made.getFetch(id), (fetch) => onPlace({ kind, fetch })) };
				}),
		};
	}
	const why = `${possible.reason} ${possible.fix}`;
	if (wish.allowVirtual === false || !agent.isVirtual) throw new Error(why);
	await settle(db, dataDir, kind);
	const info = { sandboxKind: kind, sandboxNote: confinementNote(possible) };
	return {
		info,
		open: (context, onPlace) => {
			onPlace({ kind });
			return openVirtualSession(context, why);
		},
	};
}

async function told<Value>(value: Promise<Value>, tell: (value: Value) => void): Promise<Value> {
	tell(await value);
	return value;
}
