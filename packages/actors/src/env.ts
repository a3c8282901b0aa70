import { LIMITS, type Limits } from "@bullpen/domain/limits";
import { z } from "zod";

const Overrides = z.record(z.string(), z.number());

const Environment = z.object({
	BULLPEN_DATA: z.string().min(1),
	BULLPEN_KEYS: z.string().min(1),
	BULLPEN_MODE: z.enum(["development", "production", "test"]),
	/** Replaces limits by name, as JSON. */
	BULLPEN_LIMITS: z.string().default("{}"),
	/** What people open; push services are told whom they may turn to. */
	BULLPEN_PUBLIC_URL: z.url().default("http://127.0.0.1"),
	/** Of tests alone: push services at 127.0.0.1, without TLS. */
	BULLPEN_TEST_PUSH_SERVICES: z.enum(["0", "1"]).default("0"),
	/** The owner of this server lets rooms tell programs in its own network. */
	BULLPEN_PRIVATE_WEBHOOKS: z.enum(["0", "1"]).default("0"),
	/** What agents are kept apart by; `local` is bubblewrap. */
	BULLPEN_SANDBOX: z.enum(["local", "docker"]).default("local"),
	BULLPEN_SANDBOX_IMAGE: z
		.string()
		.regex(/^[a-z0-9][\w./:@-]*$/)
		.default("node:22-bookworm"),
	DOCKER_HOST: z.string().min(1).optional(),
	HOME: z.string().optional(),
	RIVET_ENDPOINT: z.url(),
	RIVET_TOKEN: z.string().min(1),
	RIVET_POOL: z.enum(["rooms", "workspaces"]),
});

export interface Environment {
	readonly dataFolder: string;
	readonly keysFolder: string;
	readonly mode: "development" | "production" | "test";
	readonly limits: Limits;
	readonly publicUrl: string;
	readonly isPushLoopbackAllowed: boolean;
	readonly isPrivateWebhookAllowed: boolean;
	/** Where Docker was chosen: what containers are made of, and how its program finds the daemon. */
	readonly docker: { readonly image: string; readonly environment: Readonly<Record<string, string>> } | undefined;
	readonly engine: { readonly url: string; readonly token: string };
	readonly pool: "rooms" | "workspaces";
}

/** Reads the process environment once, at the border. @throws Error with every missing or wrong variable named. */
export function readEnvironment(variables: NodeJS.ProcessEnv): Environment {
	const parsed = Environment.safeParse(variables);
	if (!parsed.success) throw new Error(`The actors' environment is not usable:\n${z.prettifyError(parsed.error)}`);
	const given = parsed.data;
	return {
		dataFolder: given.BULLPEN_DATA,
		keysFolder: given.BULLPEN_KEYS,
		mode: given.BULLPEN_MODE,
		limits: { ...LIMITS, ...readOverrides(given.BULLPEN_LIMITS) },
		publicUrl: given.BULLPEN_PUBLIC_URL,
		isPushLoopbackAllowed: readPushServices(given),
		isPrivateWebhookAllowed: given.BULLPEN_PRIVATE_WEBHOOKS === "1",
		docker: readDocker(given),
		engine: { url: given.RIVET_ENDPOINT, token: given.RIVET_TOKEN },
		pool: given.RIVET_POOL,
	};
}

function readDocker({ HOME, DOCKER_HOST, ...given }: z.infer<typeof Environment>): Environment["docker"] {
	if (given.BULLPEN_SANDBOX !== "docker") return undefined;
	const environment = { ...(HOME && { HOME }), ...(DOCKER_HOST && { DOCKER_HOST }) };
	return { image: given.BULLPEN_SANDBOX_IMAGE, environment };
}

function readPushServices(given: z.infer<typeof Environment>): boolean {
	if (given.BULLPEN_TEST_PUSH_SERVICES !== "1") return false;
	if (given.BULLPEN_MODE !== "test") throw new Error("BULLPEN_TEST_PUSH_SERVICES is for tests alone: unset it.");
	return true;
}

function readOverrides(json: string): Partial<Limits> {
	const overrides = Overrides.parse(JSON.parse(json));
	const unknown = Object.keys(overrides).filter((name) => !(name in LIMITS));
	if (unknown.length > 0) throw new Error(`BULLPEN_LIMITS names no such limit: ${unknown.join(", ")}`);
	return overrides;
}
