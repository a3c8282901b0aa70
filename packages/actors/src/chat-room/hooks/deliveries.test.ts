import { generateKeyPairSync } from "node:crypto";
import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import { LIMITS } from "@bullpen/domain/limits";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Frame } from "../../frame.ts";
import type { Answer, Courier, Errand } from "../../webhooks/courier.ts";
import { Sealing } from "../../webhooks/sealing.ts";
import { newSecret } from "../../webhooks/signature.ts";
import type { Room } from "../room.ts";
import { HOOK_MIGRATION } from "../store/hooks.ts";
import { Deliveries } from "./deliveries.ts";
import { HookBook, hookContext } from "./hook-book.ts";

beforeEach(() => {
	vi.useFakeTimers({ now: 1_000_000 });
});
afterEach(() => {
	vi.useRealTimers();
});

const HOOK_ID = `h-${"0".repeat(30)}`;

/** A room's webhook with two things to tell, on tables that can break. */
function openRoom() {
	const tables = new DatabaseSync(":memory:");
	tables.exec(HOOK_MIGRATION);
	const disk = { breaks: (_sql: string): boolean => false };
	const db: Frame<unknown>["db"] = {
		async execute<Row extends Record<string, unknown>>(sql: string, ...args: unknown[]) {
			if (disk.breaks(sql)) throw new Error("the disk is full");
			return tables.prepare(sql).all(...(args as SQLInputValue[])) as Row[];
		},
	} as Frame<unknown>["db"];
	const sealing = new Sealing(generateKeyPairSync("ed25519").privateKey);
	const hook = { type: "outgoing", id: HOOK_ID, name: "CI", createdBy: "ada", createdAt: 1 };
	tables
		.prepare("INSERT INTO hooks (id, hook, secret, position) VALUES (?, ?, ?, 0)")
		.run(
			HOOK_ID,
			JSON.stringify({ ...hook, url: "https://ci.example/", events: ["message.added"] }),
			sealing.seal(newSecret(), hookContext("r-1", HOOK_ID)),
		);
	for (const body of ["one", "two"]) {
		tables.prepare("INSERT INTO hook_events (event, body) VALUES ('message.added', ?)").run(body);
	}
	const alarms: number[] = [];
	const warnings: object[] = [];
	const frame = {
		schedule: { after: async (waitMs: number) => String(alarms.push(waitMs)), list: async () => [] },
		keepAwake: <T>(work: Promise<T>) => work,
		log: { warn: (fields: object) => warnings.push(fields) },
	} as unknown as Frame<unknown>;
	const told: Errand[] = [];
	const courier = {
		async deliver(errand: Errand): Promise<Answer> {
			told.push(errand);
			return { status: 204, tookMs: 1 };
		},
	} as Courier;
	const room = { id: "r-1", db, limits: LIMITS, now: Date.now, chance: () => 0.5, sealing, hooks: new HookBook() };
	const deliveries = new Deliveries(frame, room as unknown as Room, courier);
	return { deliveries, disk, told, alarms, warnings, left: () => tables.prepare("SELECT body FROM hook_events").all() };
}

test("[HOOK4] what broke off while it was told is told again by an alarm, from where its place was kept", async () => {
	const { deliveries, disk, told, alarms, warnings, left } = openRoom();
	await deliveries.wake();
	alarms.length = 0;
	disk.breaks = (sql) => sql.startsWith("UPDATE hooks");
	vi.setSystemTime(Date.now() + LIMITS.hookRetryMinMs);
	await deliveries.ring();
	expect([told.map(({ body }) => body), alarms]).toEqual([["one"], [LIMITS.hookRetryMinMs]]);
	expect(warnings).toMatchObject([{ hookId: HOOK_ID, error: expect.stringContaining("full") }]);
	disk.breaks = () => false;
	await deliveries.ring();
	expect(told.map(({ body }) => body)).toEqual(["one", "one", "two"]);
	expect(told[1]?.messageId).toBe(told[0]?.messageId);
	expect(left()).toEqual([]);
	await deliveries.dispose();
	expect(vi.getTimerCount()).toBe(0);
});

test("[HOOK4] what cannot be read or set is nobody's end: nothing is lost, and the next change tells it", async () => {
	const { deliveries, disk, told } = openRoom();
	await deliveries.wake();
	disk.breaks = () => true;
	await deliveries.ring();
	expect(told).toEqual([]);
	disk.breaks = () => false;
	deliveries.changed();
	await vi.advanceTimersByTimeAsync(LIMITS.hookGapMs);
	expect(told.map(({ body }) => body)).toEqual(["one", "two"]);
	await deliveries.dispose();
});
