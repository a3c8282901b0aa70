import { ActorName } from "@bullpen/domain/identity";
import { WIRE } from "@bullpen/domain/wire";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { engineTarget, type GatewayTarget, parseGatewayTarget } from "./gateway-target.ts";

const QUERY = "rvt-namespace=default&rvt-method=get&rvt-key=general";
const CONNECT = `/rivet/gateway/chatRoom/connect?${QUERY}`;
const SEND = `/rivet/gateway/chatRoom/action/sendMessage?${QUERY}`;
/** Written apart from the parser: what may pass, in full. */
const ALLOWED =
	/^\/rivet\/gateway\/(chatRoom|userInbox|workspace|directory)\/(connect|action\/[A-Za-z]+)\?([a-z0-9=&_-]+)$/;

const key = fc.stringMatching(/^[a-z0-9][a-z0-9_-]{0,63}$/);
const parameters = (of: string): fc.Arbitrary<string> =>
	fc
		.shuffledSubarray(["rvt-namespace=default", "rvt-method=get", `rvt-key=${of}`], { minLength: 3 })
		.map((all) => all.join("&"));

test("a connection to each of our actors is let through, by any key an id can be", () => {
	fc.assert(
		fc.property(fc.constantFrom(...ActorName.options), key, (actor, id) => {
			for (const query of fc.sample(parameters(id), 2)) {
				const target = { wants: "connect", actor, key: id };
				expect(parseGatewayTarget(`/rivet/gateway/${actor}/connect?${query}`)).toEqual(target);
			}
		}),
	);
});

test("an action is let through exactly when people may call it", () => {
	const passing = ActorName.options.flatMap((actor) =>
		Object.keys(WIRE[actor].actions)
			.filter((action) => parseGatewayTarget(`/rivet/gateway/${actor}/action/${action}?${QUERY}`))
			.map((action) => `${actor}.${action}`),
	);
	expect(passing).toContain("chatRoom.sendMessage");
	for (const trusted of ["chatRoom.init", "chatRoom.canEnter", "userInbox.noteRoom", "directory.registerPerson"])
		expect(passing).not.toContain(trusted);
});

test("what passes is written anew for the engine", () => {
	const passes: [string, GatewayTarget][] = [
		[CONNECT, { wants: "connect", actor: "chatRoom", key: "general" }],
		[SEND, { wants: "action", actor: "chatRoom", key: "general", action: "sendMessage" }],
	];
	for (const [url, target] of passes) {
		expect(parseGatewayTarget(url)).toEqual(target);
		expect(engineTarget(target)).toBe(url.replace("/rivet", ""));
	}
});

describe("nothing else is let through", () => {
	const instead = (from: string, to: string): string => CONNECT.replace(from, to);
	test.each([
		["no key", "/rivet/gateway/chatRoom/connect?rvt-namespace=default&rvt-method=get"],
		["no query", "/rivet/gateway/chatRoom/connect"],
		["an empty key", instead("general", "")],
		["two segments", instead("general", "a,b")],
		["an encoded comma", instead("general", "a%2Cb")],
		["an encoded letter", instead("general", "%67eneral")],
		["a plus", instead("general", "a+b")],
		["capitals", instead("general", "General")],
		["65 characters", instead("general", "a".repeat(65))],
		["a twin of a key", `${CONNECT}&rvt-key=other`],
		["getOrCreate", instead("rvt-method=get", "rvt-method=getOrCreate")],
		["another namespace", instead("=default", "=other")],
		["input", `${CONNECT}&rvt-input=AAAA`],
		["a pool", `${CONNECT}&rvt-pool=x`],
		["a runner", `${CONNECT}&rvt-runner=x`],
		["a region", `${CONNECT}&rvt-region=x`],
		["a crash policy", `${CONNECT}&rvt-crash-policy=destroy`],
		["a token", `${CONNECT}&rvt-token=x`],
		["a skipped wait", `${CONNECT}&rvt-skip-ready-wait=true`],
		["any other parameter", `${CONNECT}&x=1`],
		["an empty parameter", `${CONNECT}&`],
		["a fragment", `${CONNECT}#x`],
		["a second question mark", `${CONNECT}?x`],
		["an actor by its id", instead("chatRoom", "0123456789abcdef")],
		["an actor with a token", instead("chatRoom", "chatRoom@token")],
		["an encoded @", instead("chatRoom", "chatRoom%40token")],
		["an inherited name", instead("chatRoom", "constructor")],
		["the metrics of an actor", instead("connect", "metrics")],
		["its inspector", instead("connect", "inspector/connect")],
		["its inspector from behind", instead("connect", "request/../inspector/connect")],
		["its inspector, encoded", instead("connect", "request/%2e%2e/inspector/connect")],
		["its raw requests", instead("connect", "request/x")],
		["its raw sockets", instead("connect", "websocket/")],
		["its queues", instead("connect", "queue/x")],
		["a path that climbs", instead("/connect", "/../chatRoom/connect")],
		["a path with an encoded slash", instead("/connect", "%2fconnect")],
		["a doubled slash", instead("/connect", "//connect")],
		["a slash behind", instead("/connect", "/connect/")],
		["a backslash", instead("/connect", "\\connect")],
		["an action nobody has", SEND.replace("sendMessage", "sendAll")],
		["an inherited action", SEND.replace("sendMessage", "toString")],
		["an action of trusted code", SEND.replace("sendMessage", "init")],
		["no action", SEND.replace("sendMessage", "")],
		["an absolute target", `http://127.0.0.1${CONNECT}`],
		["the prefix in capitals", CONNECT.replace("/rivet", "/Rivet")],
		["no prefix", CONNECT.replace("/rivet", "")],
	])("%s", (_, url) => {
		expect(parseGatewayTarget(url)).toBeUndefined();
	});

	test("any text that is not of the allowed shape", () => {
		const piece = fc.constantFrom(
			...["/", "//", "\\", "..", ".", "%2e", "%2E%2e", "%2f", "@", "?", "&", "=", ",", "#", "\0", " ", "\n", "general"],
			...["rivet", "gateway", "chatRoom", "workspace", "connect", "action", "sendMessage", "inspector", "metrics"],
			...["rvt-namespace=default", "rvt-method=get", "rvt-method=getOrCreate", "rvt-key=general", "rvt-input=AA"],
		);
		const near = fc.array(piece, { maxLength: 16 }).map((pieces) => pieces.join(""));
		const broken = fc
			.tuple(fc.constantFrom(CONNECT, SEND), fc.nat(120), fc.nat(4), piece)
			.map(([url, at, length, put]) => url.slice(0, at) + put + url.slice(at + length));
		fc.assert(
			fc.property(fc.oneof(near, broken, fc.string({ unit: "binary" })), (url) => {
				const target = parseGatewayTarget(url);
				if (target === undefined) return;
				const [, actor, , query = ""] = ALLOWED.exec(url) ?? [];
				expect(actor).toBe(target.actor);
				expect(query.split("&").sort()).toEqual(
					[`rvt-key=${target.key}`, "rvt-method=get", "rvt-namespace=default"].sort(),
				);
				expect(`/rivet${engineTarget(target)}`.split("?")[0]).toBe(url.split("?")[0]);
			}),
			{ numRuns: 5_000 },
		);
	});
});
