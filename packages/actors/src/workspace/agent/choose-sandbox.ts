import type { Limits } from "@bullpen/domain/limits";
import type { EgressOptions } from "../egress/egress-proxy.ts";
import type { SandboxInfo } from "./agent-host.ts";
import type { AgentSession, SessionContext } from "./agent-session.ts";
import type { AgentKind } from "./agents/agent-kind.ts";
import { confinedSandbox } from "./confined-sandbox.ts";
import { confinement, confinementNote } from "./confinement.ts";
import type { Db } from "./db.ts";
import { equip } from "./equip.ts";
import type { ModelAccess } from "./model-door.ts";
import { placeOf, settle } from "./place.ts";
import { activeLimits } from "./sandbox-limits.ts";
import { openSandboxSession } from "./sandbox-session.ts";
import { openVirtualSession } from "./virtual-session.ts";

export interface ChosenSandbox {
	readonly info: Omit<SandboxInfo, "sandboxId">;
	open(context: SessionContext): Promise<AgentSession>;
}

export interface SandboxWish {
	readonly db: Db;
	readonly dataDir: string;
	readonly limits: Limits;
	readonly agent: AgentKind;
	readonly models?: ModelAccess;
	readonly allowVirtual?: boolean;
	readonly confinement?: typeof confinement;
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
	const place = await placeOf(db, dataDir);
	if (place && !place.isHere) throw new Error(`The files of this workspace are on ${place.host}.`);
	const possible = await (wish.confinement ?? confinement)(dataDir, wish.limits);
	const kind = place?.kind ?? possible.kind;
	if (kind === "confined") {
		if (possible.kind === "virtual") throw new Error(`${possible.reason} ${possible.fix}`);
		const equipment = await equip(wish);
		await settle(db, dataDir, kind);
		const { toolbox, cgroups } = possible;
		return {
			info: { sandboxKind: kind, limits: activeLimits(wish.limits, cgroups) },
			open: (context) =>
				openSandboxSession(context, (onExit) =>
					confinedSandbox({ ...context, ...equipment, toolbox, cgroups, egress: wish.egress, onExit }),
				),
		};
	}
	const why = possible.kind === "virtual" ? possible : MADE_BEFORE;
	if (wish.allowVirtual === false || !agent.isVirtual) throw new Error(`${why.reason} ${why.fix}`);
	await settle(db, dataDir, kind);
	const info = { sandboxKind: kind, sandboxNote: confinementNote(why) };
	return { info, open: (context) => openVirtualSession(context, `${why.reason} ${why.fix}`) };
}

const MADE_BEFORE = {
	reason: "It was made when sandboxes were not possible on this machine.",
	fix: "Make a new workspace to run programs.",
};
