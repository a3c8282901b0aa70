import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
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
		const closed = [
			["/namespaces", "GET"],
			["/actors?namespace=default&name=room", "GET"],
			["/actors?namespace=default", "POST"],
			["/actors?namespace=default", "PUT"],
			["/actors/t14atgzz69o4lvbspdzegnbsvral00?namespace=default", "DELETE"],
			["/actors/t14atgzz69o4lvbspdzegnbsvral00/sleep?namespace=default", "POST"],
			["/actors/t14atgzz69o4lvbspdzegnbsvral00/kv/keys/y?namespace=default", "GET"],
			["/envoys?namespace=default", "GET"],
			["/runner-configs?namespace=default", "GET"],
			["/runner-configs/serverless-health-check?namespace=default", "POST"],
		] as const;
		for (const [path, method] of closed) {
			const json = path.includes("/actors?") ? ACTOR : "{}";
			const body = method === "GET" ? {} : { body: json, headers: { "content-type": "application/json" } };
			expect([401, 403], `${method} ${path}`).toContain(await statusOf(path, { method, ...body }));
			expect([401, 403], `${method} ${path}, wrong token`).toContain(
				await statusOf(path, { method, ...body, headers: { ...body.headers, authorization: "Bearer wrong" } }),
			);
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

/** Refused before it is even looked at; an incomplete one would be called incomplete. */
const ACTOR = JSON.stringify({ name: "room", key: "x", crash_policy: "sleep", runner_name_selector: "rooms" });

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
