import { readdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expect, test, vi } from "vitest";

vi.mock("zod", () => import("./zod.ts"));
const { z: standIn } = await import("zod");
const { z: whole } = await vi.importActual<typeof import("zod")>("zod");

/** Every method that pages call, once by zod and once by what stands in for it. */
const kinds: readonly [name: string, make: (z: typeof standIn) => import("zod").ZodType, values: readonly unknown[]][] =
	[
		["text", (z) => z.string().trim().min(2).max(4), [" ab ", "a", "abcde", "  ", 3]],
		["pattern", (z) => z.string().regex(/^[a-z]+$/), ["abc", "ABC", ""]],
		["integer", (z) => z.int().min(1).max(3), [1, 3, 0, 4, 1.5, "1", 2 ** 60]],
		["number", (z) => z.number().int().positive(), [1, 0, -1, 1.5, Number.NaN]],
		["list", (z) => z.string().array().min(1).max(2), [["a"], [], ["a", "b", "c"], [1], "a"]],
		[
			"may be absent",
			(z) => z.strictObject({ a: z.string().optional(), b: z.int().default(3) }),
			[{}, { a: "x", b: 1 }],
		],
		[
			"null",
			(z) => z.strictObject({ a: z.string().nullable(), b: z.string().nullish() }),
			[{ a: null }, { a: "" }, {}],
		],
		["lenient", (z) => z.looseObject({ a: z.int().optional().catch(undefined) }), [{ a: "x", b: 1 }, { a: 1 }, null]],
		["unknown fields", (z) => z.strictObject({ a: z.int() }), [{ a: 1 }, { a: 1, b: 2 }]],
		["changed", (z) => z.string().transform((text) => text.length), ["abc", 1]],
		[
			"own rule",
			(z) => z.array(z.int()).refine((list) => new Set(list).size === list.length, "each once"),
			[
				[1, 2],
				[1, 1],
			],
		],
		["more fields", (z) => z.object({ a: z.int() }).extend({ b: z.int() }), [{ a: 1, b: 2 }, { a: 1 }]],
		["fewer fields", (z) => z.strictObject({ a: z.int(), b: z.int() }).omit({ b: true }), [{ a: 1 }, { a: 1, b: 2 }]],
		["some fields", (z) => z.strictObject({ a: z.int(), b: z.int() }).pick({ a: true }), [{ a: 1 }, { a: 1, b: 2 }]],
		["any of its fields", (z) => z.strictObject({ a: z.int(), b: z.int() }).partial(), [{}, { b: 2 }, { a: "x" }]],
		["one of", (z) => z.union([z.enum(["a", "b"]), z.literal(1)]), ["a", "c", 1, 2]],
		["all but", (z) => z.enum(["a", "b", "c"]).exclude(["b"]), ["a", "b", "c"]],
		[
			"by its type",
			(z) => z.discriminatedUnion("t", [z.object({ t: z.literal("a"), n: z.int() })]),
			[{ t: "a", n: 1 }, {}],
		],
		["record", (z) => z.record(z.string().max(1), z.int()), [{ a: 1 }, { ab: 1 }, { a: "x" }]],
		["tuple", (z) => z.tuple([z.int(), z.unknown()]), [[1, {}], [1], ["x", 1]]],
		["address", (z) => z.url(), ["https://example.com/x", "example"]],
	];

test.each(kinds)("what stands in for zod in pages takes and refuses what zod does: %s", (_name, make, values) => {
	for (const value of values) {
		const [page, zod] = [standIn, whole].map((z) => make(z).safeParse(value));
		expect([page?.success, page?.data, placesIn(page)]).toEqual([zod?.success, zod?.data, placesIn(zod)]);
	}
});

const placesIn = (read: import("zod").ZodSafeParseResult<unknown> | undefined) =>
	read?.error?.issues.map(({ code, path }) => ({ code, path }));

test("all that the domain knows can be made of it", async () => {
	const folder = fileURLToPath(new URL("../../../packages/domain/src/", import.meta.url));
	const names = (await readdir(folder, { recursive: true })).filter((name) => /(?<!\.test)\.ts$/.test(name));
	expect(names.length).toBeGreaterThan(50);
	await Promise.all(names.map((name) => import(`${folder}${name}`)));
	const { WIRE } = await import("@bullpen/domain/wire");
	const { sendMessage } = WIRE.chatRoom.actions;
	expect(sendMessage.input).not.toHaveProperty("toJSONSchema");
	expect(sendMessage.input.safeParse({ text: 1 }).success).toBe(false);
});
