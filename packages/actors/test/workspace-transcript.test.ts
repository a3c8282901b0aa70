import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { NO_RATES } from "./limits.ts";
import { ended, refusal, WorkspaceTown } from "./workspace-town.ts";

const LIMITS = { ...NO_RATES, searchScanItems: 20, picturesKept: 3 };
/** One transparent pixel. */
const PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

let town: WorkspaceTown;

beforeAll(async () => {
	town = await WorkspaceTown.open(LIMITS);
});
afterEach(() => town.visitors.leave());
afterAll(() => town?.close());

const update = (fields: object): string => `update ${JSON.stringify(fields)}`;
const image = (data: string) => ({ type: "image", mimeType: "image/png", data });

describe("a search", () => {
	test("[TR32] finds newest first, page by page, and says how far it looked", async () => {
		const [, ada] = await town.found("ada");
		for (const words of ["the Needle is here", "nothing of it", "another needle"]) {
			await ada.connection.prompt({ text: `say ${words}` });
		}
		await ended(ada, 3);
		const first = await ada.connection.searchTranscript({ query: "needle", limit: 1 });
		expect(first.hits).toMatchObject([{ type: "text", snippet: "another needle", start: 8, length: 6 }]);
		expect(first).toMatchObject({ scannedTo: first.hits[0]?.itemId, isDone: false });
		const rest = await ada.connection.searchTranscript({ query: "needle", before: first.scannedTo });
		expect(rest.hits.map(({ type, snippet }) => `${type}: ${snippet}`)).toEqual([
			"user: say another needle",
			"text: the Needle is here",
			"user: say the Needle is here",
		]);
		expect(rest.isDone).toBe(true);
	});

	test("[TR32] looks at a bounded number of lines at a time, and reaches the first of all", async () => {
		const [, ada] = await town.found("ada");
		await ada.connection.prompt({ text: "say the needle" });
		await ended(ada, 1);
		const calls = Array.from({ length: 50 }, (_, index) =>
			update({ sessionUpdate: "tool_call", toolCallId: `c${index}` }),
		);
		await ada.connection.prompt({ text: calls.join("\n") });
		await ended(ada, 2);
		let before: number | undefined;
		let asks = 0;
		for (;;) {
			const page = await ada.connection.searchTranscript({ query: "the needle", ...(before && { before }) });
			asks++;
			if (page.hits.length > 0) break;
			expect(page.isDone).toBe(false);
			before = page.scannedTo;
		}
		expect(asks).toBeGreaterThan(2);
	});

	test("[TR32] patterns of the database and of JSON are only words, and other scripts are found, too", async () => {
		const [, ada] = await town.found("ada");
		await ada.connection.prompt({ text: 'say 100% of a_b is "quoted\\" and ÄPFEL' });
		await ended(ada, 1);
		const found = async (query: string): Promise<number> =>
			(await ada.connection.searchTranscript({ query })).hits.filter(({ type }) => type === "text").length;
		for (const query of ["100%", "a_b", '"quoted\\"', "äpfel", "IS"]) expect(await found(query), query).toBe(1);
		for (const query of ["a%b", "axb", "isSealed", "100%x"]) expect(await found(query), query).toBe(0);
	});

	test("[TR32] a stranger finds nothing, and an empty question is refused", async () => {
		const [id, ada] = await town.found("ada");
		expect(await refusal(ada.connection.searchTranscript({ query: " " }))).toMatchObject({ code: "text_empty" });
		await ada.connection.kick({ userId: "bob" });
		await expect(town.visitors.watch(id, "bob")).rejects.toThrow();
	});
});

describe("pictures", () => {
	test("[TR27] are kept beside their lines and had one by one, the newest of them", async () => {
		const [, ada] = await town.found("ada");
		const chunk = update({ sessionUpdate: "agent_message_chunk", content: image(PIXEL) });
		const tool = update({
			sessionUpdate: "tool_call",
			toolCallId: "c",
			status: "completed",
			content: [
				{ type: "content", content: { type: "text", text: "a" } },
				{ type: "content", content: image(PIXEL) },
			],
		});
		await ada.connection.prompt({ text: [chunk, chunk, chunk, tool].join("\n") });
		await ended(ada, 1);
		const items = ada.view.items.map(({ id, body }) => ({ id, type: body.type }));
		expect(items.map(({ type }) => type)).toEqual(["user", "image", "image", "image", "tool"]);
		expect(JSON.stringify(ada.view.items.slice(1))).not.toContain(PIXEL);
		const call = items[4]!.id;
		const file = { mimeType: "image/png", data: PIXEL };
		expect(await ada.connection.getImage({ itemId: call, position: 1 })).toEqual(file);
		expect(await ada.connection.getImage({ itemId: items[3]!.id })).toEqual(file);
		expect(await refusal(ada.connection.getImage({ itemId: items[1]!.id }))).toMatchObject({ code: "not_found" });
		expect(await refusal(ada.connection.getImage({ itemId: call, position: 0 }))).toMatchObject({ code: "not_found" });
	});
});

describe("what a turn used", () => {
	test("[TR29] is its last line, with its own share; the session has the sum and the context", async () => {
		const [, ada] = await town.found("ada");
		const usage = (used: number, amount: number) =>
			update({ sessionUpdate: "usage_update", used, size: 1_000, cost: { amount, currency: "USD" } });
		await ada.connection.prompt({ text: `${usage(10, 0.1)}\nsay a\n${usage(20, 0.25)}` });
		await ended(ada, 1);
		await ada.connection.prompt({ text: `say b\n${usage(30, 0.3)}` });
		await ended(ada, 2);
		const lines = ada.view.items.flatMap(({ body }) => (body.type === "usage" ? [body] : []));
		expect(lines).toMatchObject([
			{ context: { used: 20, size: 1_000 }, cost: { amount: 0.25, currency: "USD" } },
			{ context: { used: 30, size: 1_000 }, cost: { amount: 0.05, currency: "USD" } },
		]);
		expect(ada.view.session?.usage).toEqual({ used: 30, size: 1_000, cost: { amount: 0.3, currency: "USD" } });
	});

	test("[TR19] a change of mode is a line, the first word of it is not; the title is the session's", async () => {
		const [, ada] = await town.found("ada");
		const mode = (currentModeId: string) => update({ sessionUpdate: "current_mode_update", currentModeId });
		const title = update({ sessionUpdate: "session_info_update", title: "Exact cents" });
		await ada.connection.prompt({ text: [mode("ask"), title, mode("ask"), mode("yolo")].join("\n") });
		await ended(ada, 1);
		expect(ada.texts.slice(1)).toEqual(["Mode: yolo (it was ask)."]);
		expect(ada.view.session).toMatchObject({ mode: "yolo", title: "Exact cents" });
	});
});

test("[TR19] commands are the session's: everybody is told of a new list, and of none", async () => {
	const [, ada, bob] = await town.found("ada", "bob");
	const commands = (...names: string[]) =>
		update({
			sessionUpdate: "available_commands_update",
			availableCommands: names.map((name) => ({ name, description: `Does ${name}` })),
		});
	for (const [index, names] of [["init", "review"], ["review"], []].entries()) {
		await ada.connection.prompt({ text: `${commands(...names)}\nsay told` });
		await ended(bob, index + 1);
		expect(bob.view.session?.commands).toEqual(names.map((name) => ({ name, description: `Does ${name}` })));
	}
	expect(ada.texts.filter((text) => !text.startsWith("update "))).toEqual(["told", "told", "told"]);
});

test("[TR9] five megabytes of output are a small line, and had as whole as they are kept", async () => {
	const [, ada] = await town.found("ada");
	await ada.connection.prompt({ text: `flood ${5 * 1024 * 1024}` });
	await ended(ada, 1);
	const call = ada.view.items.find(({ body }) => body.type === "tool")!;
	expect(JSON.stringify(call).length).toBeLessThan(20_000);
	const { text } = await ada.connection.getOutput({ itemId: call.id });
	expect(text.length).toBeGreaterThan(400_000);
});
