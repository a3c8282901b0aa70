import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { boundaryBreaks, breaksOf, WALLS } from "./boundaries.ts";

/** One file per wall that breaks it, and the nearest lawful neighbour. */
const CASES: { rule: string; file: string; breaks: string[]; stands: string[] }[] = [
	{
		rule: "a relative import stays inside its package",
		file: "packages/client/src/room.ts",
		breaks: ['import { LIMITS } from "../../domain/src/limits.ts";', 'export * from "../../actors/src/registry.ts";'],
		stands: ['import { feed } from "./feed.ts";'],
	},
	{
		rule: "domain imports zod alone",
		file: "packages/domain/src/room.ts",
		breaks: [
			'import { createHash } from "node:crypto";',
			'import type { Registry } from "rivetkit";',
			'import "react";',
			'export { actor } from "rivetkit";',
			'const late = await import("zod/" + name);',
			'export type Late = import("sandbox-agent").Session;',
			'export const typed = (value: import("next").Page) => value;',
		],
		stands: ['import { z } from "zod";', 'import { Seq } from "./id.ts";'],
	},
	{
		rule: "domain's tests know no framework either",
		file: "packages/domain/src/room.test.ts",
		breaks: ['import { setupTest } from "rivetkit/test";'],
		stands: ['import { readFileSync } from "node:fs";', 'import fc from "fast-check";'],
	},
	{
		rule: "outside packages/actors only `import type { Registry }` of it",
		file: "apps/web/features/room/use-room.ts",
		breaks: [
			'import { registry } from "@bullpen/actors";',
			'import { Registry } from "@bullpen/actors";',
			'import type { registry } from "@bullpen/actors";',
			'import type { Registry } from "@bullpen/actors/registry";',
			'const { registry } = await import("@bullpen/actors");',
			'export * from "@bullpen/actors";',
		],
		stands: ['import type { Registry } from "@bullpen/actors";', 'import { type Registry } from "@bullpen/actors";'],
	},
	{
		rule: "packages/demo-agent imports no other package of ours",
		file: "packages/demo-agent/src/main.ts",
		breaks: ['import { LIMITS } from "@bullpen/domain/limits";'],
		stands: ['import { spawn } from "node:child_process";'],
	},
	{
		rule: "packages/client imports of ours only @bullpen/domain",
		file: "packages/client/src/room.ts",
		breaks: ['import { startStack } from "@bullpen/engine/stack";'],
		stands: ['import { createClient } from "rivetkit/client";', 'import { LIMITS } from "@bullpen/domain/limits";'],
	},
	{
		rule: "packages/engine imports no other package of ours",
		file: "packages/engine/src/stack.ts",
		breaks: ['import { open } from "@bullpen/client/open";', 'import { LIMITS } from "@bullpen/domain/limits";'],
		stands: ['import { spawn } from "node:child_process";'],
	},
	{
		rule: "packages/scripted-model imports no other package of ours",
		file: "packages/scripted-model/src/server.ts",
		breaks: ['import { LIMITS } from "@bullpen/domain/limits";'],
		stands: ['import { createServer } from "node:http";'],
	},
	{
		rule: "packages/credentials imports of ours only @bullpen/domain",
		file: "packages/credentials/src/open.ts",
		breaks: ['import { startStack } from "@bullpen/engine/stack";'],
		stands: ['import { Problem } from "@bullpen/domain/problem";'],
	},
	{
		rule: "packages/files imports of ours only @bullpen/domain",
		file: "packages/files/src/folder-store.ts",
		breaks: ['import { openCredentials } from "@bullpen/credentials/open";'],
		stands: ['import { RoomId } from "@bullpen/domain/id";'],
	},
	{
		rule: "packages/actors imports of ours only @bullpen/domain and @bullpen/demo-agent and @bullpen/credentials and @bullpen/files",
		file: "packages/actors/src/workspace/agent-host.ts",
		breaks: [
			'import { open } from "@bullpen/client/open";',
			'import { startScriptedModel } from "@bullpen/scripted-model/server";',
		],
		stands: ['import manifest from "@bullpen/demo-agent/package.json";'],
	},
	{
		rule: "apps/edge imports of ours only @bullpen/domain",
		file: "apps/edge/src/main.ts",
		breaks: ['import { open } from "@bullpen/client/open";'],
		stands: ['import { audienceOf } from "@bullpen/domain/identity";'],
	},
	{
		rule: "apps/web imports of ours only @bullpen/domain and @bullpen/client and @bullpen/credentials and @bullpen/files",
		file: "apps/web/app/page.tsx",
		breaks: ['import { startEngine } from "@bullpen/engine/engine";'],
		stands: ['import { open } from "@bullpen/client/open";'],
	},
	{
		rule: "apps/e2e imports of ours only @bullpen/domain and @bullpen/client and @bullpen/engine and @bullpen/scripted-model",
		file: "apps/e2e/person.ts",
		breaks: ['import { main } from "@bullpen/edge/main";'],
		stands: ['import { startStack } from "@bullpen/engine/stack";'],
	},
	{
		rule: "bench imports of ours only @bullpen/domain and @bullpen/client and @bullpen/engine",
		file: "bench/src/main.ts",
		breaks: ['import { main } from "@bullpen/edge/main";'],
		stands: ['import { startStack } from "@bullpen/engine/stack";'],
	},
	{
		rule: "examples imports of ours only @bullpen/domain and @bullpen/client",
		file: "examples/answer-bot.ts",
		breaks: ['import { startStack } from "@bullpen/engine/stack";'],
		stands: ['import { startBot } from "@bullpen/client/bot";'],
	},
	{
		rule: "keys of providers stay on the server: of the web only lib/ knows credentials",
		file: "apps/web/features/settings/keys.tsx",
		breaks: [
			'import { openCredentials } from "@bullpen/credentials/open";',
			'import type { CredentialView } from "@bullpen/credentials/credential";',
		],
		stands: ['import { open } from "@bullpen/client/open";'],
	},
	{
		rule: "bytes of files stay on the server: of the web only lib/ knows where",
		file: "apps/web/features/room/files/viewer.tsx",
		breaks: ['import { FolderStore } from "@bullpen/files/folder-store";'],
		stands: ['import type { MessageAttachment } from "@bullpen/domain/message-attachment";'],
	},
	{
		rule: "only workspace/ knows credentials, but for what an IP address is",
		file: "packages/actors/src/chat-room/actor.ts",
		breaks: ['import { openCredentials } from "@bullpen/credentials/open";'],
		stands: [
			'import { LIMITS } from "@bullpen/domain/limits";',
			'import { addressKind } from "@bullpen/credentials/network-address";',
		],
	},
	{
		rule: "client runs in a browser: no node: module",
		file: "packages/client/src/ticket.ts",
		breaks: ['import { readFileSync } from "node:fs";'],
		stands: ['import type { IncomingMessage } from "node:http";'],
	},
	{
		rule: "a feature never imports a feature",
		file: "apps/web/features/room/room-page.tsx",
		breaks: [
			'import { useInbox } from "../inbox/use-inbox.ts";',
			'import { useInbox } from "@/features/inbox/use-inbox";',
		],
		stands: ['import { Composer } from "./composer.tsx";', 'import { Button } from "../../ui/button.tsx";'],
	},
	{
		rule: "ui/ knows neither domain nor actors nor features",
		file: "apps/web/ui/button.tsx",
		breaks: [
			'import { LIMITS } from "@bullpen/domain/limits";',
			'import type { Registry } from "@bullpen/actors";',
			'import { useRoom } from "../features/room/use-room.ts";',
		],
		stands: ['import { Slot } from "radix-ui";'],
	},
	{
		rule: "an actor never imports another actor's folder",
		file: "packages/actors/src/chat-room/actor.ts",
		breaks: [
			'import { unread } from "../user-inbox/store/rooms.ts";',
			'import type { SearchDesk } from "../search/search-desk.ts";',
		],
		stands: ['import { audience } from "../audience.ts";', 'import { members } from "./store/members.ts";'],
	},
	{
		rule: "only workspace/ knows Sandbox Agent",
		file: "packages/actors/src/chat-room/actor.ts",
		breaks: ['import { SandboxAgent } from "sandbox-agent";'],
		stands: ['import { actor } from "rivetkit";'],
	},
	{
		rule: "only actors, client, web and bench know RivetKit",
		file: "apps/edge/src/tunnel.ts",
		breaks: ['import { createClient } from "rivetkit/client";'],
		stands: ['import { WebSocketServer } from "ws";'],
	},
];

test("every wall is proven by a case that breaks it", () => {
	expect(CASES.map((each) => each.rule).sort()).toEqual(WALLS.map((each) => each.rule).sort());
});

test.each(CASES)("a break is found: $rule", ({ rule, file, breaks, stands }) => {
	for (const line of breaks) expect(breaksOf(file, line).join("\n"), line).toContain(`${file}:1: ${rule}`);
	for (const line of stands) expect(breaksOf(file, line), line).toEqual([]);
});

test("tests may share the house of the actors' tests, and nothing that ships may", () => {
	const shared = 'import { openHouse } from "../../actors/test/house.ts";';
	expect(breaksOf("packages/client/test/room.test.ts", shared)).toEqual([]);
	expect(breaksOf("packages/client/src/room.ts", shared)).toHaveLength(1);
	expect(breaksOf("packages/client/test/room.test.ts", 'import "../../actors/src/registry.ts";')).toHaveLength(1);
});

test.each([
	"Date.now()",
	"new Date()",
	"Date()",
	"const clock = Date",
	"performance.now()",
	"Math.random()",
	'Math["random"]()',
	"Math[name]()",
	"const { random } = Math",
	"crypto.randomUUID()",
	"globalThis.crypto",
	'fetch("https://example.com")',
	"process.env.HOME",
	"setTimeout(done, 1)",
	"const t = { after: setInterval }",
	"console.warn(1)",
	"document.title",
	"window?.location",
	"Buffer.from(text)",
	"import.meta.url",
	"new WebSocket(url)",
	'export const load = async () => import("zod");\nexport const now = () => ({ at: Date.now() })',
])("a break is found: domain is pure, so it cannot see %s", (code) => {
	expect(breaksOf("packages/domain/src/clock.ts", code).join("\n")).toContain("domain is pure");
	expect(breaksOf("packages/domain/src/clock.test.ts", code)).toEqual([]);
});

test.each([
	"new Date(at).toISOString()",
	"export const at: Date | undefined = undefined",
	"Math.max(1, 2)",
	"const room = { process: 1, Date: 2 }; room.process",
	"export type Process = typeof process",
	"export const wait = (fetch: () => number) => fetch()",
	"// Date.now()\nconst text = 'console.log'",
])("the pure neighbour stands: %s", (code) => {
	expect(breaksOf("packages/domain/src/clock.ts", code)).toEqual([]);
});

let folder: string | undefined;
afterEach(() => {
	if (folder) rmSync(folder, { recursive: true, force: true });
});

test("a violating file on disk is found with its line", () => {
	folder = mkdtempSync(join(tmpdir(), "bullpen-walls-"));
	const file = "packages/domain/src/clock.ts";
	mkdirSync(dirname(join(folder, file)), { recursive: true });
	writeFileSync(join(folder, file), "export const one = 1;\nexport const now = () => Date.now();\n");
	expect(boundaryBreaks(folder, [file])).toEqual([`${file}:2: domain is pure; this sees Date.now`]);
});

test("a file that does not parse is no pass", () => {
	expect(() => breaksOf("packages/domain/src/broken.ts", "export const = 1")).toThrow("packages/domain/src/broken.ts");
});
