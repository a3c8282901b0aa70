import type { KeyObject } from "node:crypto";
import { LIMITS, type Limits } from "@bullpen/domain/limits";
import { z } from "zod";
import { readEdgeKey } from "./relay/edge-token.ts";
import { readTicketKey } from "./ticket.ts";

const Environment = z.object({
	BULLPEN_HOST: z.string().min(1).default("127.0.0.1"),
	PORT: z.coerce.number().int().min(0).max(65_535),
	BULLPEN_MODE: z.enum(["development", "production", "test"]),
	BULLPEN_PUBLIC_URL: z.url({ protocol: /^https?$/ }),
	BULLPEN_WEB_URL: z.url({ protocol: /^http$/ }),
	RIVET_ENDPOINT: z.url({ protocol: /^http$/ }),
	BULLPEN_KEYS: z.string().min(1),
	/** `tunnel` gives each client a connection of its own to its actor, for diagnosis. */
	BULLPEN_EDGE_MODE: z.enum(["relay", "tunnel"]).default("relay"),
	/** Where `GET /metrics` is answered, on loopback; nowhere when left out. */
	BULLPEN_METRICS_PORT: z.coerce.number().int().min(0).max(65_535).optional(),
	/** Addresses of reverse proxies in front of the edge, whose `X-Forwarded-For` is believed. */
	BULLPEN_TRUSTED_PROXIES: z.string().default(""),
	/** Replaces limits by name, as JSON. */
	BULLPEN_LIMITS: z
		.string()
		.default("{}")
		.transform((json) => JSON.parse(json))
		.pipe(z.partialRecord(z.enum(Object.keys(LIMITS)), z.number())),
});

export interface Settings {
	readonly host: string;
	readonly port: number;
	/** What people open. Its host is the only name the edge answers to, its origin the only one that may change things. */
	readonly publicUrl: URL;
	readonly webUrl: URL;
	readonly engineUrl: URL;
	/** Tickets are signed with its private half, by the web. */
	readonly ticketKey: KeyObject;
	/** What this edge proves itself to actors with. */
	readonly edgeKey: KeyObject;
	readonly mode: "relay" | "tunnel";
	readonly metricsPort: number | undefined;
	/** Development alone tunnels the web's own WebSocket, by which Next replaces changed code. */
	readonly isDevelopment: boolean;
	readonly trustedProxies: ReadonlySet<string>;
	readonly limits: Limits;
}

/** Reads the process environment once, at the border. @throws Error with every missing or wrong variable named, or the key. */
export function readSettings(variables: Readonly<Record<string, string | undefined>>): Settings {
	const parsed = Environment.safeParse(variables);
	if (!parsed.success) throw new Error(`The edge's environment is not usable:\n${z.prettifyError(parsed.error)}`);
	const given = parsed.data;
	return {
		host: given.BULLPEN_HOST,
		port: given.PORT,
		publicUrl: new URL(given.BULLPEN_PUBLIC_URL),
		webUrl: new URL(given.BULLPEN_WEB_URL),
		engineUrl: new URL(given.RIVET_ENDPOINT),
		ticketKey: readTicketKey(given.BULLPEN_KEYS),
		edgeKey: readEdgeKey(given.BULLPEN_KEYS),
		mode: given.BULLPEN_EDGE_MODE,
		metricsPort: given.BULLPEN_METRICS_PORT,
		isDevelopment: given.BULLPEN_MODE === "development",
		trustedProxies: new Set(given.BULLPEN_TRUSTED_PROXIES.split(",").filter((address) => address !== "")),
		limits: { ...LIMITS, ...given.BULLPEN_LIMITS },
	};
}
