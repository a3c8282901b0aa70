import type { RedeemedBot } from "@bullpen/domain/bot";
import type { ActionInput } from "@bullpen/domain/wire";
import type { z } from "zod";
import type { CallActor } from "./service-calls.ts";

type Told = {
	[N in "registerPerson" | "setActive" | "endConnections" | "notePicture" | "noteAct"]: [
		name: N,
		input: ActionInput<"directory", N>,
	];
};
/** What the web tells `directory["main"]`. @throws Problem `forbidden` `not_found` · `busy` when it cannot be told in time */
export type TellDirectory = (...told: Told[keyof Told]) => Promise<void>;
/** Whose token has this SHA-256. @throws Problem `unauthenticated` `busy` */
export type RedeemBot = (tokenHash: string) => Promise<z.infer<typeof RedeemedBot>>;

export interface DirectoryCalls {
	readonly tell: TellDirectory;
	readonly redeemBot: RedeemBot;
}

export const directoryCalls = (call: CallActor): DirectoryCalls => ({
	tell: async (name, input) => void (await call<"directory", keyof Told>("directory", "main", name, input)),
	redeemBot: (tokenHash) => call("directory", "main", "redeemBot", { tokenHash }),
});
