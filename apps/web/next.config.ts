import type { NextConfig } from "next";

/** The same for every answer; what depends on the public URL or on the request is in `proxy.ts`. */
const HEADERS = [
	{ key: "x-content-type-options", value: "nosniff" },
	{ key: "referrer-policy", value: "same-origin" },
	{ key: "permissions-policy", value: "camera=(), geolocation=(), microphone=(), payment=(), usb=()" },
	{ key: "cross-origin-opener-policy", value: "same-origin" },
	{ key: "cross-origin-resource-policy", value: "same-origin" },
];

/** It asks this server alone, and a new one takes over at the next look. */
const SERVICE_WORKER = [
	{ key: "content-security-policy", value: "default-src 'none'; connect-src 'self'" },
	{ key: "cache-control", value: "no-cache" },
];

export default {
	devIndicators: false,
	// In development a page waits for what React tells about itself beside it, and by this channel that may never come.
	experimental: { reactDebugChannel: false },
	poweredByHeader: false,
	reactStrictMode: true,
	// `pnpm check` has checked them, and more strictly.
	typescript: { ignoreBuildErrors: true },
	serverExternalPackages: ["better-auth", "jose", "pg", "rivetkit"],
	turbopack: {
		// Half of what RivetKit's client and zod bring along, and no page can use.
		resolveAlias: {
			"cbor-x": { browser: "./browser/cbor-x.ts" },
			"@opentelemetry/api": { browser: "./browser/opentelemetry-api.ts" },
			pino: { browser: "./browser/pino.ts" },
			"@rivetkit/bare-ts": { browser: "./browser/bare-ts.ts" },
			vbare: { browser: "./browser/vbare.ts" },
			"next/dist/compiled/buffer": { browser: "./browser/buffer.ts" },
			zod: { browser: "./browser/zod.ts" },
			"zod/v4": { browser: "./browser/zod.ts" },
		},
	},
	headers: async () => [
		{ source: "/:path*", headers: HEADERS },
		{ source: "/sw.js", headers: SERVICE_WORKER },
	],
} satisfies NextConfig;
