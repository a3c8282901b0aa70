import { environment, limits } from "../process.ts";
import { PushService } from "./push-service.ts";
import { Vapid } from "./vapid.ts";

let started: PushService | undefined;

/** The one of this process, made when somebody is first told: most processes of tests, and that of workspaces, never do. */
export function pushService(): PushService {
	started ??= new PushService({
		vapid: new Vapid(environment.keysFolder, environment.publicUrl, Date.now),
		limits,
		isLoopbackAllowed: environment.isPushLoopbackAllowed,
	});
	return started;
}
