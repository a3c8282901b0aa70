import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Answer, type Asking, ask, CONNECT, handshake, OFFER, TICKET } from "./raw.ts";
import { type Stage, startStage } from "./stage.ts";

let stage: Stage;
beforeAll(async () => {
	stage = await startStage();
}, 60_000);
afterAll(() => stage.stop());

/** Asked through the door, exactly as written. */
const at = (asking: Asking): Promise<Answer> => ask(stage.door.port, asking);
/** Answered by the door itself or by the web, while nothing at all went to the engine. */
async function expectClosed(asking: () => Promise<Answer>, what: string): Promise<void> {
	const before = stage.spy.bytes;
	const answer = await asking();
	expect(stage.spy.bytes, what).toBe(before);
	const isFromWeb = answer.headers["x-answered-by"] === "web";
	const isRefusal = answer.status >= 400 && JSON.parse(answer.body).code !== undefined;
	expect(isFromWeb || isRefusal, `${what}: ${answer.status} ${answer.body.slice(0, 200)}`).toBe(true);
}

/** The engine's own routes, with ROOM for the id of a living actor (rivet-engine 2.3.19, facts of the project). */
const ROUTES: readonly [string, string, string][] = [
	["the list of actors", "GET", "/actors?namespace=default&name=chatRoom"],
	["the names of actors", "GET", "/actors/names?namespace=default"],
	["creating an actor", "POST", "/actors?namespace=default"],
	["getting or creating one", "PUT", "/actors?namespace=default"],
	["deleting an actor", "DELETE", "/actors/ROOM?namespace=default"],
	["sending an actor to sleep", "POST", "/actors/ROOM/sleep?namespace=default"],
	["moving an actor", "POST", "/actors/ROOM/reschedule?namespace=default"],
	["an actor's key-value store", "GET", "/actors/ROOM/kv/keys/AQI=?namespace=default"],
	["namespaces", "GET", "/namespaces"],
	["a new namespace", "POST", "/namespaces"],
	["runners", "GET", "/runners?namespace=default"],
	["names of runners", "GET", "/runners/names?namespace=default"],
	["envoys", "GET", "/envoys?namespace=default"],
	["runner configurations", "GET", "/runner-configs?namespace=default"],
	["setting a runner configuration", "PUT", "/runner-configs/default?namespace=default"],
	["making the engine fetch an address", "POST", "/runner-configs/serverless-health-check?namespace=default"],
	["refreshing a runner's metadata", "POST", "/runner-configs/default/refresh-metadata?namespace=default"],
	["datacenters", "GET", "/datacenters"],
	["the engine's metadata", "GET", "/metadata?namespace=other"],
	["the engine's health", "GET", "/health"],
	["its panel", "GET", "/ui/"],
	["its metrics", "GET", "/metrics"],
	["its peers' API", "GET", "/epoxy/coordinator/replica-reconfigure"],
	["debugging", "GET", "/debug/metrics"],
	["an actor by its id", "GET", "/gateway/ROOM/request/"],
	["an actor by its id and a token", "GET", "/gateway/ROOM@token/request/"],
	["an actor's health", "GET", "/gateway/ROOM/health"],
	["an actor's metadata", "GET", "/gateway/ROOM/metadata"],
	["an actor's metrics", "GET", "/gateway/ROOM/metrics"],
	["an actor's inspector", "GET", "/gateway/ROOM/inspector/state"],
	["an actor's database", "POST", "/gateway/ROOM/inspector/database/execute"],
	["the inspector from behind", "GET", "/gateway/ROOM/request/../inspector/state"],
	["the inspector from behind, encoded", "GET", "/gateway/ROOM/request/%2e%2e/inspector/state"],
	["the inspector from behind, half encoded", "GET", "/gateway/ROOM/request/.%2E/inspector/state"],
	["the inspector behind an encoded slash", "GET", "/gateway/ROOM/request%2f..%2finspector/state"],
	["the inspector behind two slashes", "GET", "/gateway/ROOM//inspector/state"],
	["the inspector behind a backslash", "GET", "/gateway/ROOM\\inspector/state"],
	["an action by id", "POST", "/gateway/ROOM/action/getHistory"],
	["a queue", "POST", "/gateway/ROOM/queue/x"],
	["raw requests", "GET", "/gateway/chatRoom/request/?rvt-namespace=default&rvt-method=get&rvt-key=general"],
	["metrics by key", "GET", "/gateway/chatRoom/metrics?rvt-namespace=default&rvt-method=get&rvt-key=general"],
	["inspector by key", "GET", "/gateway/chatRoom/inspector/state?rvt-namespace=default&rvt-method=get&rvt-key=general"],
	["an actor that is not ours", "GET", "/gateway/secret/connect?rvt-namespace=default&rvt-method=get&rvt-key=general"],
	["making an actor", "GET", "/gateway/chatRoom/connect?rvt-namespace=default&rvt-method=getOrCreate&rvt-key=new"],
	[
		"making an actor with input",
		"GET",
		"/gateway/chatRoom/connect?rvt-namespace=default&rvt-method=getOrCreate&rvt-runner=default&rvt-key=n&rvt-input=oA",
	],
	["input", "GET", "/gateway/chatRoom/connect?rvt-namespace=default&rvt-method=get&rvt-key=general&rvt-input=oA"],
	["a token", "GET", "/gateway/chatRoom/connect?rvt-namespace=default&rvt-method=get&rvt-key=general&rvt-token=x"],
	["a region", "GET", "/gateway/chatRoom/connect?rvt-namespace=default&rvt-method=get&rvt-key=general&rvt-region=x"],
	["a pool", "GET", "/gateway/chatRoom/connect?rvt-namespace=default&rvt-method=get&rvt-key=general&rvt-pool=x"],
	[
		"a crash policy",
		"GET",
		"/gateway/chatRoom/connect?rvt-namespace=default&rvt-method=get&rvt-key=general&rvt-crash-policy=destroy",
	],
	[
		"an action of trusted code",
		"POST",
		"/gateway/chatRoom/action/init?rvt-namespace=default&rvt-method=get&rvt-key=general",
	],
];
/** Registering as a process that runs actors, and other WebSockets of the engine. */
const SOCKETS: readonly [string, string][] = [
	["registering a runner", "/runners/connect?protocol_version=1&namespace=default&runner_key=x"],
	["registering an envoy", "/envoys/connect?protocol_version=1&namespace=default&envoy_key=x&pool_name=default"],
	["the engine itself", "/"],
	["an actor by its id", "/gateway/ROOM/connect"],
	["an actor by its id, raw", "/gateway/ROOM/websocket/"],
	["an actor's inspector", "/gateway/ROOM/inspector/connect"],
	["the inspector from behind", "/gateway/ROOM/websocket/../inspector/connect"],
	["raw sockets by key", "/gateway/chatRoom/websocket/?rvt-namespace=default&rvt-method=get&rvt-key=general"],
	["an actor that is not ours", "/gateway/secret/connect?rvt-namespace=default&rvt-method=get&rvt-key=general"],
];
/** Ways to write a path so that one reader sees our prefix and another does not. */
const DISGUISES: readonly ((route: string) => string)[] = [
	(route) => route,
	(route) => `/rivet${route}`,
	(route) => `/rivet/..${route}`,
	(route) => `/rivet/%2e%2e${route}`,
	(route) => `/rivet/.%2E${route}`,
	(route) => `/rivet/%2E%2E%2F${route}`,
	(route) => `/rivet/${route}`,
	(route) => `//rivet${route}`,
	(route) => `/\\rivet${route}`,
	(route) => `/RIVET${route}`,
	(route) => `/%72ivet${route}`,
	(route) => `/rivet;x=1${route}`,
	(route) => `/rivet%00${route}`,
	(route) => `/rivet/rivet${route}`,
	(route) => `/rivet/metadata/..${route}`,
	(route) => `/rivet/gateway/chatRoom/connect/../../..${route}`,
	(route) => `/x/../rivet${route}`,
	(route) => `http://127.0.0.1:${stage.engine.ports.guard}${route}`,
	(route) => `http://127.0.0.1:${stage.engine.ports.peer}${route}`,
	(route) => `http://127.0.0.1:${stage.engine.ports.metrics}${route}`,
	(route) => `//127.0.0.1:${stage.engine.ports.metrics}${route}`,
	(route) => `${stage.publicUrl.origin}/rivet${route}`,
];
const REROUTING = {
	"x-rivet-target": "actor",
	"x-rivet-actor": "ROOM",
	"x-rivet-namespace": "default",
	"x-rivet-token": "token",
	"x-rivet-encoding": "json",
	"x-rivet-conn-params": JSON.stringify({ ticket: TICKET }),
};
const named = (text: string): string => text.replaceAll("ROOM", stage.roomId);
const rerouting = (): Record<string, string> =>
	Object.fromEntries(Object.entries(REROUTING).map(([name, value]) => [name, named(value)]));

test("the engine answers some of these to anybody who reaches it: there is something to close", async () => {
	const engine = (target: string, headers = {}): Promise<Answer> =>
		ask(stage.engine.ports.guard, { target: named(target), headers });
	expect(
		(await engine("/actors?namespace=default&name=chatRoom", { authorization: `Bearer ${stage.engine.token}` })).status,
	).toBe(200);
	expect((await engine("/health")).status).toBe(200);
	expect((await engine("/gateway/ROOM/request/")).body).toContain("a raw request");
	expect((await ask(stage.engine.ports.metrics, { target: "/metrics" })).body).toContain("# TYPE");
});

describe.each(ROUTES)("%s is closed", (_, method, route) => {
	test("however the path is written", async () => {
		for (const disguise of DISGUISES) {
			const target = disguise(named(route));
			const body = method === "GET" ? "" : "[]";
			await expectClosed(() => at({ method, target, body }), `${method} ${target}`);
		}
	});

	test("with headers that re-route", async () => {
		for (const target of [named(route), `/rivet${named(route)}`]) {
			const headers = { ...rerouting(), authorization: `Bearer ${stage.engine.token}` };
			await expectClosed(() => at({ method, target, headers }), `${method} ${target}`);
		}
	});

	test("with any method", async () => {
		for (const other of ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"]) {
			const before = stage.spy.bytes;
			await at({ method: other, target: `/rivet${named(route)}`, body: other === "POST" ? "[]" : "" });
			expect(stage.spy.bytes, `${other} ${route}`).toBe(before);
		}
	});
});

describe.each(SOCKETS)("the socket of %s is closed", (_, route) => {
	test("however the path is written", async () => {
		for (const disguise of DISGUISES) {
			const target = disguise(named(route));
			const protocols = `${OFFER}, rivet_target.actor, rivet_actor.${stage.roomId}, rivet_token.${stage.engine.token}`;
			const ask = () => handshake(stage.door.port, target, { "sec-websocket-protocol": protocols });
			await expectClosed(ask, `WS ${target}`);
		}
	});
});

test("a connection with subprotocols and headers that re-route reaches the room it names and nothing more", async () => {
	const before = stage.spy.heads.length;
	const answer = await handshake(stage.door.port, CONNECT, {
		...rerouting(),
		authorization: "Bearer x",
		cookie: "bullpen.session_token=x",
		"x-forwarded-for": "192.0.2.1",
		"sec-websocket-extensions": "permessage-deflate",
		"sec-websocket-protocol": `${OFFER}, rivet_target.actor, rivet_actor.other, rivet_token.x, rivet_skip_ready_wait`,
	});
	expect(answer.status).toBe(101);
	expect(answer.headers["sec-websocket-protocol"]).toBe("rivet");
	expect(Object.keys(answer.headers).sort()).toEqual([
		"connection",
		"sec-websocket-accept",
		"sec-websocket-protocol",
		"upgrade",
	]);
	const [head = ""] = stage.spy.heads.slice(before);
	const [line, ...lines] = (head.split("\r\n\r\n")[0] ?? "").split("\r\n");
	expect(line).toBe(`GET ${CONNECT.replace("/rivet", "")} HTTP/1.1`);
	expect(lines.map((entry) => entry.split(":")[0]?.toLowerCase()).sort()).toEqual([
		"connection",
		"host",
		"sec-websocket-key",
		"sec-websocket-protocol",
		"sec-websocket-version",
		"upgrade",
	]);
	expect(lines.find((entry) => entry.toLowerCase().startsWith("sec-websocket-protocol"))).toMatch(
		new RegExp(`: ${OFFER.replaceAll(".", "\\.")}$`),
	);
});

test("a call carries its ticket and its body to the engine, and none of its other headers", async () => {
	const before = stage.spy.heads.length;
	const answer = await at({
		method: "POST",
		target: CONNECT.replace("connect", "action/sendMessage"),
		headers: { ...rerouting(), "content-type": "application/json", cookie: "bullpen.session_token=x" },
		body: JSON.stringify({ args: [{ text: "hi" }] }),
	});
	expect(answer.status).toBe(200);
	const head = stage.spy.heads.slice(before)[0]?.split("\r\n\r\n")[0] ?? "";
	expect(head).toContain(`POST ${CONNECT.replace("/rivet", "").replace("connect", "action/sendMessage")} HTTP/1.1`);
	expect(head).not.toMatch(/cookie|x-rivet-target|x-rivet-actor|x-rivet-token|x-rivet-namespace/i);
});
