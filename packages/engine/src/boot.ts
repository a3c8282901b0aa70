import { resolve } from "node:path";
import { Refusal } from "./refusal.ts";

const ROOT = resolve(import.meta.dirname, "../../..");
const PORT_DEFAULT = 4040;
/** How stored keys are sealed, and which base URLs may be set. */
const CREDENTIALS = ["BULLPEN_SECRET_KEY", "BULLPEN_SECRET_KEY_FORMER", "BULLPEN_MODEL_HTTP_HOSTS"];
/** Keys of model providers: for the one process that asks them. */
const PROVIDERS = ["OPENAI_API_KEY", "OPENAI_BASE_URL", "ANTHROPIC_API_KEY", "ANTHROPIC_BASE_URL"];
/** What agents are kept apart by, for the one process that starts them. */
const SANDBOX = ["BULLPEN_SANDBOX", "BULLPEN_SANDBOX_IMAGE", "DOCKER_HOST"];
/** How this network is left, for the one process that installs agents. */
const NETWORK = ["NODE_EXTRA_CA_CERTS", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "NPM_CONFIG_REGISTRY"].flatMap(
	(name) => [name, name.toLowerCase()],
);

/** What the person who starts Bullpen decides, read once from the environment. */
export type BootSettings = {
	readonly mode: "development" | "production";
	readonly dataFolder: string;
	readonly host: string;
	readonly port: number;
	/** What people open; undefined means host and port. */
	readonly publicUrl: string | undefined;
	/** Signing in by a name alone. */
	readonly hasNameSignIn: boolean;
	/** Handed on as they are, each to the parts that read it. */
	readonly forAll: Readonly<Record<string, string>>;
	readonly forWeb: Readonly<Record<string, string>>;
	readonly forEdge: Readonly<Record<string, string>>;
	readonly forWorkspaces: Readonly<Record<string, string>>;
};

/** @throws Refusal saying what to change. */
export function readBootSettings(env: NodeJS.ProcessEnv, mode: BootSettings["mode"]): BootSettings {
	const host = env.HOST || "127.0.0.1";
	const publicUrl = env.BULLPEN_PUBLIC_URL || undefined;
	if (!isLoopback(host) && !publicUrl) {
		throw new Refusal(
			`HOST=${host} lets other machines in: set BULLPEN_PUBLIC_URL to the address they open, such as https://chat.example.com.`,
		);
	}
	if (publicUrl) assertAddress(publicUrl);
	const isPrivate = isLoopback(host) && (!publicUrl || isLoopback(new URL(publicUrl).hostname));
	return {
		mode,
		dataFolder: resolve(ROOT, env.BULLPEN_DATA || ".bullpen"),
		host,
		port: readPort(env.PORT),
		publicUrl,
		hasNameSignIn: readNameSignIn(env.BULLPEN_NAME_SIGN_IN, mode, isPrivate),
		forAll: pick(env, "BULLPEN_LIMITS", "BULLPEN_PRIVATE_WEBHOOKS"),
		forWeb: pick(env, "DATABASE_URL", ...CREDENTIALS),
		forEdge: pick(env, "BULLPEN_TRUSTED_PROXIES", "BULLPEN_EDGE_MODE", "BULLPEN_METRICS_PORT"),
		forWorkspaces: { ...pick(env, ...CREDENTIALS, ...PROVIDERS, ...SANDBOX), ...networkOf(env) },
	};
}

/** The proxy, the certificates and the package registry that an environment names. */
export const networkOf = (env: NodeJS.ProcessEnv): Record<string, string> => pick(env, ...NETWORK);

/** Whoever reaches a server with name sign-in can be anybody: it is for one person's own machine. */
function readNameSignIn(value: string | undefined, mode: BootSettings["mode"], isPrivate: boolean): boolean {
	if (value !== "1") return (value ?? "") === "" && mode === "development" && isPrivate;
	if (mode === "production") {
		throw new Refusal("Signing in by a name alone is for development: unset BULLPEN_NAME_SIGN_IN.");
	}
	if (!isPrivate) {
		throw new Refusal(
			"Signing in by a name alone is for this machine only: unset BULLPEN_NAME_SIGN_IN, or HOST and BULLPEN_PUBLIC_URL.",
		);
	}
	return true;
}

function pick(env: NodeJS.ProcessEnv, ...names: string[]): Record<string, string> {
	return Object.fromEntries(
		names.flatMap((name) => {
			const value = env[name];
			return value ? [[name, value]] : [];
		}),
	);
}

function readPort(value: string | undefined): number {
	if (!value) return PORT_DEFAULT;
	const port = Number(value);
	if (!Number.isInteger(port) || port < 1 || port > 65_535) {
		throw new Refusal(`PORT=${value} is not a port: give a number from 1 to 65535.`);
	}
	return port;
}

function assertAddress(publicUrl: string): void {
	const url = URL.canParse(publicUrl) ? new URL(publicUrl) : undefined;
	const isOrigin = url && /^https?:$/.test(url.protocol) && url.origin === publicUrl.replace(/\/$/, "");
	if (!isOrigin) {
		throw new Refusal(`BULLPEN_PUBLIC_URL=${publicUrl} is not an address such as https://chat.example.com (no path).`);
	}
}

function isLoopback(host: string): boolean {
	return host === "localhost" || host === "::1" || host === "[::1]" || /^127(\.\d+){3}$/.test(host);
}
