import { Problem } from "@bullpen/domain/problem";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { Bullpen } from "../src/bullpen.ts";
import { CLIENT_LIMITS } from "../src/limits.ts";
import type { Held } from "../src/pool.ts";
import { ConnectionLost } from "../src/refusal.ts";
import { equalsServer } from "../src/room-proof.ts";
import type { RoomStore } from "../src/room-store.ts";
import { until } from "../src/until.ts";
import { type ActorsProcess, type House, openHouse, visitor } from "./house.ts";
import { openWireCutter, type WireCutter } from "./wire-cutter.ts";

const isNightly = process.env.NIGHTLY === "1";
const MINUTES = Number(process.env.CONVERGENCE_MINUTES ?? (isNightly ? 60 : 1));
const CLIENTS = Number(process.env.CONVERGENCE_CLIENTS ?? 30);
/** Of all clients. Half of them are messages, and every client holds them all at the end. */
const ACTS = isNightly ? 24_000 : 2_000;
const PAUSE_MS = (MINUTES * 60_000 * CLIENTS) / ACTS;
const CUT_EVERY_MS = 1_500;
const KILL_EVERY_MS = 20_000;
const SEED = Number(process.env.SEED ?? 3);
/** As production has it, but for how long a lost one waits: thirty clients and a server on two cores take their time. */
const PATIENT = { ...CLIENT_LIMITS, backoffMaxMs: 1_000, checkMs: 5_000 };
const FAST = {
	...{ sendBurstPerConnection: 1e6, sendPerSecondPerConnection: 1e6 },
	...{ sendBurstPerPerson: 1e6, sendPerSecondPerPerson: 1e6 },
};

let house: House;
let cutter: WireCutter;
let programs: Bullpen[] = [];
beforeAll(async () => {
	house = await openHouse();
	cutter = await openWireCutter(house.peopleEndpoint);
}, 60_000);
afterAll(async () => {
	for (const program of programs) program.close();
	await cutter?.close();
	await house?.stop();
}, 60_000);

/** Numbers from 0 up to 1 that a seed decides (xorshift32). */
function chance(seed: number): () => number {
	let state = seed * 2_654_435_761 || 1;
	return () => {
		state ^= state << 13;
		state ^= state >>> 17;
		state ^= state << 5;
		return (state >>> 0) / 2 ** 32;
	};
}

async function act(store: RoomStore, me: string, random: () => number): Promise<void> {
	discardRefused(store);
	const { messages, outgoing } = store.getSnapshot();
	const one = messages[Math.floor(random() * messages.length)];
	const own = messages.findLast(({ sender, deletedAt }) => sender === me && deletedAt === undefined);
	const roll = random();
	if (one === undefined || roll < 0.5) {
		if (outgoing.length < 5) store.send({ text: `says ${Math.floor(random() * 1e9)}` });
	} else if (roll < 0.62) {
		if (one.threadOf === undefined && one.deletedAt === undefined) store.send({ text: "replies", threadOf: one.id });
	} else if (roll < 0.75 && own !== undefined) await store.edit(own.id, `means ${Math.floor(random() * 1e9)}`);
	else if (roll < 0.82 && own !== undefined) await store.remove(own.id);
	else if (roll < 0.94) await store.toggleReaction(one.id, random() < 0.5 ? "👍" : "🎉");
	else if (roll < 0.97) await store.setPinned(one.id, random() < 0.5);
	else await store.followThread(one.threadOf ?? one.id, random() < 0.5);
}

/** What cannot be done to this message, or has no answer, is somebody else's test. */
function passOver(error: unknown): void {
	if (!(error instanceof Problem) && !(error instanceof ConnectionLost)) throw error;
}

async function live(store: RoomStore, me: string, end: number): Promise<number> {
	const random = chance(SEED * 100 + Number(me.slice(1)));
	let acts = 0;
	for (; Date.now() < end; acts++) {
		await act(store, me, random).catch(passOver);
		await new Promise((resolve) => setTimeout(resolve, random() * 2 * PAUSE_MS));
	}
	return acts;
}

/** Wires are cut all the time, the rooms' process is killed now and then, and every second time the engine too. */
async function trouble(actors: ActorsProcess, end: number): Promise<{ cuts: number; kills: number }> {
	const random = chance(SEED);
	let killAt = Date.now() + KILL_EVERY_MS / 2;
	for (let cuts = 0, kills = 0; ; cuts++) {
		if (Date.now() >= end) return { cuts, kills };
		await new Promise((resolve) => setTimeout(resolve, CUT_EVERY_MS));
		cutter.cut(() => random() < 0.2);
		if (Date.now() < killAt) continue;
		kills++;
		await actors.kill("SIGKILL");
		actors = await house.startActors("rooms", { limits: FAST });
		if (kills % 2 === 0) await house.engine.restart();
		killAt = Date.now() + KILL_EVERY_MS;
	}
}

/** A reply to what was deleted meanwhile, say: it waits for its writer, who lets go of it. */
function discardRefused(store: RoomStore): void {
	for (const { nonce, state } of store.getSnapshot().outgoing) if (state.type === "failed") store.discard(nonce);
}

async function loadAll(store: RoomStore): Promise<void> {
	await vi.waitFor(
		async () => {
			while (store.getSnapshot().hasOlder) await store.loadOlder();
		},
		{ timeout: 60_000, interval: 250 },
	);
}

test(
	`[P3] after ${MINUTES} min of random acts by ${CLIENTS} clients with cuts and kills all hashes are the room's (seed ${SEED})`,
	async () => {
		const actors = await house.startActors("rooms", { limits: FAST });
		const ids = Array.from({ length: CLIENTS }, (_, index) => `p${index}`);
		programs = await Promise.all(ids.map((id) => visitor(house, id, { endpoint: cutter.endpoint, limits: PATIENT })));
		const rooms: Held<RoomStore>[] = programs.map((program) => program.room("general"));
		await Promise.all(rooms.map((room) => room.loaded().then(() => room.store.join())));

		const end = Date.now() + MINUTES * 60_000;
		const [told, ...acts] = await Promise.all([
			trouble(actors, end),
			...rooms.map(({ store }, at) => live(store, ids[at]!, end)),
		]);
		await Promise.all(
			rooms.map(async ({ store }) => {
				await until(store, ({ outgoing }) => outgoing.every(({ state }) => state.type === "failed"));
				discardRefused(store);
			}),
		);
		for (const { store } of rooms) await loadAll(store);
		for (const { store } of rooms) {
			await vi.waitFor(async () => expect(await equalsServer(store)).toBe(true), { timeout: 60_000, interval: 250 });
		}
		const { messages } = rooms[0]!.store.getSnapshot();
		expect(messages.map(({ id }) => id)).toEqual(messages.map((_, at) => at + 1));
		const sum = acts.reduce((all, each) => all + each, 0);
		process.stdout.write(`${sum} acts, ${messages.length} messages, ${told.cuts} cuts, ${told.kills} kills\n`);
	},
	MINUTES * 60_000 + 300_000,
);
