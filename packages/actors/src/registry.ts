import { LIMITS } from "@bullpen/domain/limits";
import { setup } from "rivetkit";
import { chatRoom } from "./chat-room/chat-room.ts";
import { directory } from "./directory/directory.ts";
import { environment } from "./process.ts";
import { userInbox } from "./user-inbox/user-inbox.ts";

/** Every actor of Bullpen. Both processes register all of them; the pool an actor is created in decides where it runs. */
export const registry = setup({
	use: { chatRoom, directory, userInbox },
	endpoint: environment.engine.url,
	token: environment.engine.token,
	envoy: { poolName: environment.pool },
	maxIncomingMessageSize: LIMITS.clientFrameBytesMax,
	startServices: false,
	noWelcome: true,
});
export type Registry = typeof registry;
