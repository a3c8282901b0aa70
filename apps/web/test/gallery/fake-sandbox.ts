import type { SessionRow } from "@bullpen/domain/workspace";

const GIB = 1024 ** 3;

/** What a workspace's row says of its sandbox, before its first start or after it. */
export const sandboxFacts = (isNew: boolean): Partial<SessionRow> =>
	isNew
		? {}
		: {
				egress: { presets: ["npm", "github"], hosts: ["*.example.org", "registry.internal.example.com:8443"] },
				refusedHosts: [
					{ host: "files.pythonhosted.org", port: 443, reason: "not_allowed", at: Date.UTC(2026, 0, 5, 14, 2) },
					{ host: "intranet.example.com", port: 443, reason: "private_address", at: Date.UTC(2026, 0, 5, 14, 1) },
					{ host: `${"very-".repeat(10)}long.name.of.a.host.example.net`, port: 22, reason: "not_allowed", at: 0 },
				],
				sandbox: {
					limits: {
						memory: { bytes: 4 * GIB, by: "watch" },
						processes: { count: 512, by: "kernel" },
						processor: { by: "share" },
						disk: { bytes: 10 * GIB, by: "watch" },
						file: { bytes: 4 * GIB, by: "kernel" },
						openFiles: { count: 4_096, by: "kernel" },
						temporary: { bytes: GIB, by: "kernel" },
						turn: { ms: 3_600_000, by: "watch" },
					},
					proof: { at: Date.UTC(2026, 0, 5, 9, 30), namespaces: ["mnt", "pid", "net", "ipc", "uts"], user: "own" },
				},
			};
