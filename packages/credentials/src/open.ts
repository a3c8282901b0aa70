import { existsSync } from "node:fs";
import { join } from "node:path";
import { Credentials } from "./credentials.ts";
import { givenCredentials } from "./given-credentials.ts";
import { readOrMakeSecret, readSecret, type SecretKey, secretKeyOf } from "./secret-key.ts";

/**
 * The credentials of this server, as the environment of its processes names them: the file in `BULLPEN_DATA`, the secret key
 * from `BULLPEN_SECRET_KEY` or the file `credentials.key` in `BULLPEN_KEYS`. After a change of the variable the former one
 * may be in `BULLPEN_SECRET_KEY_FORMER`; a change from the file to the variable needs nothing. `tell` hears of variables that
 * are wrong and not used.
 * @throws CredentialsFault with what an operator has to change.
 */
export function openCredentials(env: NodeJS.ProcessEnv, tell: (sentence: string) => void): Credentials {
	const { BULLPEN_DATA: data, BULLPEN_KEYS: keys } = env;
	if (!data || !keys) throw new Error("BULLPEN_DATA and BULLPEN_KEYS are not set.");
	const httpHosts = (env.BULLPEN_MODEL_HTTP_HOSTS ?? "").split(",").map((host) => host.trim().toLowerCase());
	const named = httpHosts.filter((host) => host !== "");
	return new Credentials({
		file: join(data, "credentials.db"),
		...secretKeys(env, join(keys, "credentials.key")),
		given: givenCredentials(env, named, tell),
		httpHosts: named,
	});
}

function secretKeys(env: NodeJS.ProcessEnv, file: string): { secretKey: SecretKey; formerKeys: SecretKey[] } {
	const given = env.BULLPEN_SECRET_KEY;
	const former = env.BULLPEN_SECRET_KEY_FORMER;
	const formerKeys = former ? [secretKeyOf(former)] : [];
	if (!given) return { secretKey: secretKeyOf(readOrMakeSecret(file)), formerKeys };
	if (existsSync(file)) formerKeys.push(secretKeyOf(readSecret(file)));
	return { secretKey: secretKeyOf(given), formerKeys };
}
