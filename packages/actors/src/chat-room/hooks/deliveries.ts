import { hookRetryMs, meaningOf, type OutgoingHook, type Progress } from "@bullpen/domain/webhook";
import { Alarm } from "../../alarm.ts";
import type { Frame } from "../../frame.ts";
import type { Answer, Courier } from "../../webhooks/courier.ts";
import type { Room } from "../room.ts";
import {
	countEvents,
	forgetEvents,
	keepDelivery,
	keepPlace,
	lastEventId,
	nextEvent,
	type Place,
	readHooks,
} from "../store/hooks.ts";
import { hookContext, isTold } from "./hook-book.ts";
import { stopHook } from "./manage.ts";

type NextEvent = NonNullable<Awaited<ReturnType<typeof nextEvent>>>;

/**
 * Tells programs outside what happened, from the room's own outbox: each hook in the order of the room, one after the other,
 * again until it was taken. What a crash cuts off is told again, with the same id; an alarm sees to it.
 */
export class Deliveries {
	readonly alarm: Alarm;
	readonly #frame: Frame<unknown>;
	readonly #room: Room;
	readonly #courier: Courier;
	readonly #places = new Map<string, Place>();
	readonly #lanes = new Map<string, Promise<void>>();
	#timer: NodeJS.Timeout | undefined;
	#isDisposed = false;

	constructor(frame: Frame<unknown>, room: Room, courier: Courier) {
		this.#frame = frame;
		this.#room = room;
		this.#courier = courier;
		this.alarm = new Alarm(frame, "hookAlarm", room.now);
	}

	/** Takes up what an earlier life left to tell. */
	async wake(): Promise<void> {
		const [hooks] = await Promise.all([readHooks(this.#room.db), this.alarm.restore()]);
		for (const { place, ...kept } of hooks) {
			this.#room.hooks.keep(kept);
			this.#places.set(kept.hook.id, place);
		}
		if (hooks.length === 0) return;
		await this.expect();
		this.changed();
	}

	/** Call before a commit with events. */
	expect(): Promise<void> {
		return this.alarm.ensure(this.#room.limits.hookRetryMinMs);
	}

	/** Call after one, and when hooks change: nobody waits for it, and what nobody is told any more goes. */
	changed(): void {
		if (this.#isDisposed) return;
		this.#timer ??= setTimeout(() => {
			this.#timer = undefined;
			void this.#pump();
		}, this.#room.limits.hookGapMs);
	}

	async ring(): Promise<void> {
		this.alarm.rang();
		await this.#pump();
		const retries = this.#room.hooks.told.flatMap(({ hook }) => this.#places.get(hook.id)?.retryAt ?? []);
		if (retries.length === 0) return;
		await this.alarm.ensure(Math.max(1_000, Math.min(...retries) - this.#room.now()));
	}

	async dispose(): Promise<void> {
		this.#isDisposed = true;
		clearTimeout(this.#timer);
		await Promise.all(this.#lanes.values());
	}

	/** It was removed. */
	forget(id: string): void {
		this.#places.delete(id);
		this.#room.hookPace.delete(id);
		this.changed();
	}

	isTelling(id: string): boolean {
		const hook = this.#room.hooks.get(id)?.hook;
		return hook !== undefined && isTold(hook);
	}

	/** From now on, as if everything before had been told. */
	async beginAtHead(id: string): Promise<void> {
		if (this.#room.hooks.get(id)?.hook.type !== "outgoing") return;
		await this.#lanes.get(id);
		const place = { position: await lastEventId(this.#room.db), failures: 0, failingSince: null, retryAt: null };
		await this.#keep(id, place);
	}

	async progressOf(hook: OutgoingHook): Promise<Progress> {
		const { position, failingSince, retryAt } = await this.#placeOf(hook.id);
		const waiting = isTold(hook) ? await countEvents(this.#room.db, position, hook.events) : 0;
		return {
			waiting,
			...(failingSince === null ? {} : { failingSince }),
			...(retryAt === null || !isTold(hook) ? {} : { retryAt }),
		};
	}

	/** Starts telling every hook that is not being told; never rejects. */
	async #pump(): Promise<void> {
		for (const { hook } of this.#room.hooks.told) {
			if (this.#lanes.has(hook.id) || this.#isDisposed) continue;
			const lane = this.#frame
				.keepAwake(this.#tellAll(hook.id))
				.catch((error: unknown) => {
					this.#frame.log.warn({ msg: "a webhook could not be told", hookId: hook.id, error: String(error) });
					return this.expect();
				})
				.catch(() => undefined) // without an alarm, the next commit or the next wake sees to it
				.finally(() => this.#lanes.delete(hook.id));
			this.#lanes.set(hook.id, lane);
		}
		await Promise.all(this.#lanes.values());
		if (!this.#isDisposed) await this.#forgetTold();
	}

	/** One after the other, until nothing is left or it has to wait. */
	async #tellAll(id: string): Promise<void> {
		while (!this.#isDisposed) {
			const hook = this.#room.hooks.get(id)?.hook;
			if (hook === undefined || !isTold(hook)) return;
			const place = await this.#placeOf(id);
			const last = await lastEventId(this.#room.db);
			if (last - place.position > this.#room.limits.hookEventsMax) return stopHook(this.#room, id, "too-far-behind");
			if (place.retryAt !== null && place.retryAt > this.#room.now()) {
				return this.alarm.ensure(place.retryAt - this.#room.now());
			}
			const event = await nextEvent(this.#room.db, place.position, hook.events);
			if (event === undefined) {
				if (place.position < last) await this.#keep(id, { ...place, position: last });
				return;
			}
			await this.#tell(hook, place, event);
		}
	}

	async #tell(hook: OutgoingHook, place: Place, { id, event, body }: NextEvent): Promise<void> {
		const { sealing, now, limits, db } = this.#room;
		const secret = sealing.open(this.#room.hooks.get(hook.id)?.secret ?? "", hookContext(this.#room.id, hook.id));
		if (secret === undefined) return stopHook(this.#room, hook.id, "failed-too-long");
		const at = now();
		const eventId = `${hook.id}.${id}`;
		const errand = { url: hook.url, secret, body, messageId: eventId, timestamp: Math.floor(at / 1000) };
		const answer = await this.#courier.deliver(errand);
		const meaning = meaningOf(answer);
		const attempt = place.failures + 1;
		const isOver = meaning === "delivered" || (meaning === "refused" && attempt >= limits.hookRefusalsMax);
		const outcome = meaning === "delivered" ? "delivered" : isOver ? "given-up" : "retried";
		await keepDelivery(db, hook.id, { eventId, event, attempt, at, outcome, ...answer }, limits.hookDeliveriesKept);
		await this.#keep(hook.id, this.#placeAfter(place, { eventId: id, answer, isOver }));
		const since = this.#places.get(hook.id)?.failingSince ?? now();
		if (meaning === "gone" || now() - since >= limits.hookFailingMs) {
			await stopHook(this.#room, hook.id, "failed-too-long");
		}
	}

	/** What was given up is not tried again, but that nothing gets through goes on. */
	#placeAfter(
		{ position, failures, failingSince }: Place,
		{ eventId, answer, isOver }: { eventId: number; answer: Answer; isOver: boolean },
	): Place {
		const { now, limits, chance } = this.#room;
		if (meaningOf(answer) === "delivered") return { position: eventId, failures: 0, failingSince: null, retryAt: null };
		const since = failingSince ?? now();
		if (isOver) return { position: eventId, failures: 0, failingSince: since, retryAt: null };
		const retryAt = now() + hookRetryMs(failures + 1, chance(), limits);
		return { position, failures: failures + 1, failingSince: since, retryAt };
	}

	async #placeOf(id: string): Promise<Place> {
		const known = this.#places.get(id);
		if (known !== undefined) return known;
		const stored = (await readHooks(this.#room.db)).find(({ hook }) => hook.id === id);
		const place = stored?.place ?? { position: 0, failures: 0, failingSince: null, retryAt: null };
		this.#places.set(id, place);
		return place;
	}

	async #keep(id: string, place: Place): Promise<void> {
		await keepPlace(this.#room.db, id, place);
		this.#places.set(id, place);
	}

	async #forgetTold(): Promise<void> {
		const { db, hooks } = this.#room;
		try {
			const places = await Promise.all(hooks.told.map(({ hook }) => this.#placeOf(hook.id)));
			const told = Math.min(...places.map(({ position }) => position));
			await forgetEvents(db, Number.isFinite(told) ? told : await lastEventId(db));
		} catch (error) {
			this.#frame.log.warn({ msg: "told events were not forgotten", error: String(error) });
		}
	}
}
