import type { Limits } from "@bullpen/domain/limits";
import { type Confinement, confinement } from "./confinement.ts";
import type { Db } from "./db.ts";
import { placeOf } from "./place.ts";

export interface PlaceWish {
	readonly db: Db;
	readonly dataDir: string;
	readonly limits: Limits;
	readonly confinement?: typeof confinement;
}

type Possible<Kind extends Confinement["kind"]> = Extract<Confinement, { kind: Kind }>;

/** Where a workspace's files are: where they were from the beginning, or else where this machine can have them. */
export type ChosenPlace =
	| { readonly kind: "confined"; readonly possible: Possible<"confined"> }
	/** `possible` says why. */
	| { readonly kind: "virtual"; readonly possible: Pick<Possible<"virtual">, "reason" | "fix"> };

/** @throws Error with the sentence to show */
export async function choosePlace({ db, dataDir, limits, ...wish }: PlaceWish): Promise<ChosenPlace> {
	const place = await placeOf(db, dataDir);
	if (place && !place.isHere) throw new Error(`The files of this workspace are on ${place.host}.`);
	const possible = await (wish.confinement ?? confinement)(dataDir, limits);
	const kind = place?.kind ?? possible.kind;
	if (kind === "virtual") return { kind, possible: possible.kind === "virtual" ? possible : MADE_BEFORE };
	if (possible.kind === "virtual") throw new Error(`${possible.reason} ${possible.fix}`);
	return { kind, possible };
}

const MADE_BEFORE = {
	reason: "It was made when sandboxes were not possible on this machine.",
	fix: "Make a new workspace to run programs.",
};
