import { LIMITS } from "@bullpen/domain/limits";
import { setup } from "rivetkit";
import { environment } from "./process.ts";

/** Every actor of Bullpen. Both processes register all of them; the pool an actor is created in decides where it runs. */
export const registry = setup({
	use: {},
	endpoint: environment.engine.url,
	token: environment.engine.token,
	envoy: { poolName: environment.pool },
	maxIncomingMessageSize: LIMITS.clientFrameBytesMax,
	startServices: false,
	noWelcome: true,
});
export type Registry = typeof registry;
