import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startChild } from "./child.ts";
import { freePorts } from "./port.ts";
import { NO_ENGINE_OF_ITS_OWN } from "./settings.ts";
import { startTestEngine, type TestEngine } from "./test.ts";

describe("the real engine", () => {
	let engine: TestEngine;
	beforeAll(async () => {
		engine = await startTestEngine();
	});
	afterAll(() => engine.stop());
	const statusOf = async (path: string, init?: RequestInit) => (await fetch(`${engine.endpoint}${path}`, init)).status;

	test.runIf(process.platform === "linux")("listens on 127.0.0.1 only, on its three ports and no other", () => {
		const sockets = listeningSockets(engine.pid());
		expect(sockets.map(({ address }) => address)).toEqual(sockets.map(() => "0100007F"));
		const { guard, peer, metrics } = engine.ports;
		expect(sockets.map(({ port }) => port).sort()).toEqual([guard, peer, metrics].sort());
	});

	test("its public API opens to the token alone", async () => {
		for (const [method, path, body] of CLOSED) {
			const type = { "content-type": "application/json" };
			const send = { method, ...(body !== undefined && { body: JSON.stringify(body), headers: type }) };
			expect([401, 403], `${method} ${path}`).toContain(await statusOf(path, send));
			const guess = { ...send, headers: { ...type, authorization: "Bearer wrong" } };
			expect([401, 403], `${method} ${path}, wrong token`).toContain(await statusOf(path, guess));
		}
		const headers = { authorization: `Bearer ${engine.token}` };
		expect(await statusOf("/namespaces", { headers })).toBe(200);
	});

	test("two of them live side by side, and nothing is left of a stopped one", async () => {
		const other = await startTestEngine();
		expect(new Set([...Object.values(other.ports), ...Object.values(engine.ports)]).size).toBe(6);
		await other.stop();
		await expect(fetch(`${other.endpoint}/health`)).rejects.toThrow();
	});
});

test("an actor process whose engine is gone ends; it starts no engine of its own, which would listen without a token", async () => {
	const home = mkdtempSync(join(tmpdir(), "bullpen-home-"));
	const [port = 0] = await freePorts(1);
	const lines: string[] = [];
	const child = startChild(
		{
			file: process.execPath,
			args: [join(import.meta.dirname, "../test/fixture/server.ts")],
			env: { HOME: home, RIVET_ENDPOINT: `http://127.0.0.1:${port}`, RIVET_TOKEN: "x", ...NO_ENGINE_OF_ITS_OWN },
		},
		(line) => lines.push(line),
	);
	expect((await child.exited).code).toBe(1);
	expect(lines.join("\n")).toContain("spawn engine binary `/dev/null`"); // it wanted to
	rmSync(home, { recursive: true });
});

const ID = "t14atgzz69o4lvbspdzegnbsvral00";
const ACTOR = { name: "room", key: "x", crash_policy: "sleep", runner_name_selector: "rooms" };
/** Well-formed, because some are looked at before they are refused. */
const CLOSED = [
	["GET", "/namespaces"],
	["GET", "/actors?namespace=default&name=room"],
	["POST", "/actors?namespace=default", ACTOR],
	["PUT", "/actors?namespace=default", ACTOR],
	["DELETE", `/actors/${ID}?namespace=default`],
	["POST", `/actors/${ID}/sleep?namespace=default`, {}],
	["GET", `/actors/${ID}/kv/keys/x?namespace=default`],
	["GET", "/envoys?namespace=default"],
	["GET", "/runner-configs?namespace=default"],
	["POST", "/runner-configs/serverless-health-check?namespace=default", { url: "http://127.0.0.1:1", headers: {} }],
] as const;

/** Columns of proc(5), /proc/net/tcp; 0A is LISTEN. */
function listeningSockets(pid: number): { address: string; port: number }[] {
	const inodes = new Set(readdirSync(`/proc/${pid}/fd`).map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`)));
	const rows = ["tcp", "tcp6"].flatMap((table) =>
		readFileSync(`/proc/${pid}/net/${table}`, "utf8").split("\n").slice(1),
	);
	return rows.flatMap((row) => {
		const [, local = "", , state, , , , , , inode] = row.trim().split(/\s+/);
		const [address = "", port = ""] = local.split(":");
		return state === "0A" && inodes.has(`socket:[${inode}]`) ? [{ address, port: Number.parseInt(port, 16) }] : [];
	});
}
