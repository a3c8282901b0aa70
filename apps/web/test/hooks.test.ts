import { Problem } from "@bullpen/domain/problem";
import { expect, test, vi } from "vitest";
import { answer } from "../lib/api.ts";
import { postHook } from "../lib/hook-endpoint.ts";
import { PUBLIC_URL, startServer } from "./server.ts";

const ID = `h-${"a".repeat(30)}`;
const SECRET = `whsec_${"A".repeat(43)}=`;

async function hooked() {
	const receive = vi.fn(async (..._called: unknown[]) => ({ messageId: 7 }));
	const server = await startServer();
	const held = { ...server, callActor: receive as unknown as typeof server.callActor };
	const post = async (body: BodyInit, headers: Record<string, string> = {}, path = `general/${ID}`) => {
		const all = { "content-type": "application/json", "x-forwarded-for": "192.0.2.1", ...headers };
		const url = new URL(`/api/hooks/${path}`, PUBLIC_URL);
		const response = await answer(held, postHook, new Request(url, { method: "POST", body, headers: all }));
		return { status: response.status, body: await response.json() };
	};
	return { receive, post };
}
const bearer = { authorization: `Bearer ${SECRET}` };

test("[HOOK1] what a program says comes to the room with its proof: words, or JSON that has them", async () => {
	const { receive, post } = await hooked();
	const proof = { type: "secret", secret: SECRET };
	expect(await post('{"text":"built","threadOf":3}', { ...bearer, "idempotency-key": "build 7" })).toEqual({
		status: 200,
		body: { messageId: 7 },
	});
	for (const type of ["text/plain; charset=utf-8", "text/markdown"]) {
		await post("**built**", { ...bearer, "content-type": type });
	}
	const signed = { "webhook-id": "msg_1", "webhook-timestamp": "1700000000", "webhook-signature": "v1,abc" };
	await post('{"text":"built"}', signed);
	expect(receive.mock.calls).toEqual([
		["chatRoom", "general", "receiveHook", { id: ID, proof, text: "built", threadOf: 3, idempotencyKey: "build 7" }],
		["chatRoom", "general", "receiveHook", { id: ID, proof, text: "**built**" }],
		["chatRoom", "general", "receiveHook", { id: ID, proof, text: "**built**" }],
		[
			"chatRoom",
			"general",
			"receiveHook",
			{
				id: ID,
				proof: {
					type: "signature",
					messageId: "msg_1",
					timestamp: 1_700_000_000,
					signature: "v1,abc",
					body: '{"text":"built"}',
				},
				text: "built",
			},
		],
	]);
});

test.each<[what: string, status: number, body: BodyInit, headers: Record<string, string>, path?: string]>([
	["no proof", 401, '{"text":"a"}', {}],
	["half a signature", 401, '{"text":"a"}', { "webhook-id": "1", "webhook-signature": "v1,a" }],
	["a hook of another form", 401, '{"text":"a"}', bearer, "general/h-1"],
	["a room of another form", 401, '{"text":"a"}', bearer, `..%2f/${ID}`],
	["more than words", 400, '{"text":"a","sender":"ada"}', bearer],
	["words that are none", 400, '{"text":5}', bearer],
	["JSON that is none", 400, "{", bearer],
	["a page", 400, "<b>a</b>", { ...bearer, "content-type": "text/html" }],
	["no text", 400, new Uint8Array([0xff, 0xfe]), { ...bearer, "content-type": "text/plain" }],
	["too much", 413, JSON.stringify({ text: "x".repeat(70_000) }), bearer],
	["another site", 403, '{"text":"a"}', { ...bearer, origin: "https://elsewhere.example" }],
])("[HOOK1] %s is refused with %i before any room hears of it", async (_, status, body, headers, path) => {
	const { receive, post } = await hooked();
	expect((await post(body, headers, path)).status).toBe(status);
	expect(receive).not.toHaveBeenCalled();
});

test("[HOOK1] a room that is not there says the same as a hook that is not", async () => {
	const { receive, post } = await hooked();
	for (const problem of [
		new Problem("not_found", "There is nothing here that is open to you."),
		new Problem("busy", "Bullpen is still starting.", { reason: "actor/not_found" }),
	]) {
		receive.mockRejectedValueOnce(problem);
		expect(await post('{"text":"a"}', bearer)).toMatchObject({ status: 401, body: { code: "unauthenticated" } });
	}
	receive.mockRejectedValueOnce(new Problem("busy", "Bullpen is still starting.", { reason: "timeout" }));
	expect((await post('{"text":"a"}', bearer)).status).toBe(503);
});

test("[HOOK2] from one address no more comes than a room could take", async () => {
	const { receive, post } = await hooked();
	const statuses = await Promise.all(
		Array.from({ length: 70 }, async () => (await post('{"text":"a"}', bearer)).status),
	);
	expect(new Set(statuses)).toEqual(new Set([200, 429]));
	expect(receive.mock.calls.length).toBeLessThan(70);
});
