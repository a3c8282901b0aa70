import type { Credentials } from "@bullpen/credentials/credentials";
import { openCredentials } from "@bullpen/credentials/open";
import type { Settings } from "./settings.ts";

declare global {
	/** Here for the same reason as `bullpenIdentity`. */
	var bullpenCredentials: Map<string, Credentials> | undefined;
}

/** The keys of model providers, opened when somebody first asks. Who may do what is the caller's to know. */
export function credentials({ dataFolder, keysFolder }: Settings): Credentials {
	globalThis.bullpenCredentials ??= new Map();
	const known = globalThis.bullpenCredentials.get(dataFolder);
	if (known) return known;
	const places = { BULLPEN_DATA: dataFolder, BULLPEN_KEYS: keysFolder };
	const opened = openCredentials({ ...process.env, ...places }, (sentence) => process.stderr.write(`${sentence}\n`));
	globalThis.bullpenCredentials.set(dataFolder, opened);
	return opened;
}
