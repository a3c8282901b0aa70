import { join } from "node:path";
import { LIMITS, type Limits } from "@bullpen/domain/limits";
import { z } from "zod";

const Environment = z.object({
	BULLPEN_DATA: z.string().min(1),
	BULLPEN_KEYS: z.string().min(1),
	BULLPEN_MODE: z.enum(["development", "production", "test"]),
	BULLPEN_PUBLIC_URL: z.url({ protocol: /^https?$/ }),
	/** Replaces limits by name, as JSON. */
	BULLPEN_LIMITS: z
		.string()
		.default("{}")
		.transform((json) => JSON.parse(json))
		.pipe(z.partialRecord(z.enum(namesOf(LIMITS)), z.number())),
	BULLPEN_NAME_SIGN_IN: z.enum(["0", "1"]).default("0"),
	DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
	RIVET_ENDPOINT: z.url(),
	RIVET_TOKEN: z.string().min(1),
});

export interface Settings {
	readonly mode: "development" | "production" | "test";
	readonly publicUrl: URL;
	readonly dataFolder: string;
	readonly keysFolder: string;
	/** Where the link by which the first owner signs up is written for whoever runs the server. */
	readonly ownerLinkFile: string;
	readonly accounts: { readonly file: string } | { readonly databaseUrl: string };
	readonly engine: { readonly url: string; readonly token: string };
	/** Whoever types a name is that person: only for one developer's own machine. */
	readonly nameSignIn: boolean;
	readonly limits: Limits;
}

/** Reads the process environment once, at the border. @throws Error whose sentence says what to change. */
export function readSettings(variables: Readonly<Record<string, string | undefined>>): Settings {
	const parsed = Environment.safeParse(variables);
	if (!parsed.success) throw new Error(`The web's environment is not usable:\n${z.prettifyError(parsed.error)}`);
	const given = parsed.data;
	const publicUrl = new URL(given.BULLPEN_PUBLIC_URL);
	const nameSignIn = given.BULLPEN_NAME_SIGN_IN === "1";
	if (nameSignIn) refuseOutsideDevelopment(given.BULLPEN_MODE, publicUrl);
	return {
		mode: given.BULLPEN_MODE,
		publicUrl,
		dataFolder: given.BULLPEN_DATA,
		keysFolder: given.BULLPEN_KEYS,
		ownerLinkFile: join(given.BULLPEN_DATA, "owner-link"),
		accounts: given.DATABASE_URL
			? { databaseUrl: given.DATABASE_URL }
			: { file: join(given.BULLPEN_DATA, "accounts.db") },
		engine: { url: given.RIVET_ENDPOINT, token: given.RIVET_TOKEN },
		nameSignIn,
		limits: { ...LIMITS, ...given.BULLPEN_LIMITS },
	};
}

function refuseOutsideDevelopment(mode: Settings["mode"], publicUrl: URL): void {
	if (mode === "production")
		throw new Error("Signing in with a name alone is for development. Unset BULLPEN_NAME_SIGN_IN in production.");
	if (!isLoopback(publicUrl.hostname))
		throw new Error(
			`Signing in with a name alone is for this machine only, and ${publicUrl.host} can be reached by others. ` +
				"Unset BULLPEN_NAME_SIGN_IN or open Bullpen on 127.0.0.1.",
		);
}

/** Whether a URL's host can only be this machine. */
const isLoopback = (hostname: string): boolean =>
	hostname === "localhost" || hostname === "[::1]" || /^127(\.\d{1,3}){3}$/.test(hostname);

function namesOf<Name extends string>(record: Readonly<Record<Name, unknown>>): [Name, ...Name[]] {
	return Object.keys(record) as [Name, ...Name[]];
}
