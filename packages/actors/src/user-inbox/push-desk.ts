import { createHash } from "node:crypto";
import type { InboxRoomRow, InboxWorkspaceRow, Notified, QuietHours } from "@bullpen/domain/inbox";
import type { Limits } from "@bullpen/domain/limits";
import { Problem } from "@bullpen/domain/problem";
import type { KeptPushDevice, PushMessage, PushOutcome, PutPushDeviceInput } from "@bullpen/domain/push";
import {
	isStillWanted,
	isUrgent,
	namesIn,
	placeOf,
	pushMessageOf,
	pushTime,
	strongerOf,
	testMessage,
	type Use,
} from "@bullpen/domain/push-rules";
import { type Bucket, fullBucket, type Rate, takeToken } from "@bullpen/domain/rate-limit";
import type { Frame } from "../frame.ts";
import type { Peers } from "../peers.ts";
import type { PushService } from "../push/push-service.ts";
import type { Names } from "./names.ts";
import { type PushDevice, PushDevices } from "./push-devices.ts";

interface Options {
	readonly userId: string;
	readonly limits: Limits;
	readonly now: () => number;
	readonly peers: Peers;
	readonly names: Names;
	readonly service: () => PushService;
	/** What the inbox knows now of the place that somebody is to be told of. */
	readonly rowOf: (notified: Notified) => InboxRoomRow | InboxWorkspaceRow | undefined;
	readonly quietHours: () => QuietHours | null;
	readonly isConnected: (connectionId: string) => boolean;
}

/** What waits to be told of one place, and who was told. */
interface Waiting {
	readonly notified: Notified;
	readonly told: Set<string>;
}

/**
 * Tells one person's devices, outside the way of whoever made the news: never one that is looked at, each place once for
 * whatever happens there in a moment. What waits lives in memory: a process that dies takes it along, counts are exact anyway.
 */
export class PushDesk {
	readonly devices: PushDevices;
	readonly #frame: Frame<unknown>;
	readonly #options: Options;
	readonly #uses = new Map<string, Use>();
	/** By place. */
	readonly #waiting = new Map<string, Waiting>();
	/** Unix ms, by place and device. */
	readonly #toldAt = new Map<string, number>();
	readonly #rate: Rate;
	#bucket: Bucket;
	#testedAt = Number.NEGATIVE_INFINITY;
	#timer: NodeJS.Timeout | undefined;

	constructor(frame: Frame<unknown>, options: Options) {
		const { limits, now } = options;
		this.#frame = frame;
		this.#options = options;
		this.devices = new PushDevices(() => frame.db, limits, now);
		this.#rate = { burst: limits.pushBurst, perSecond: limits.pushPerSecond };
		this.#bucket = fullBucket(limits.pushBurst, now());
	}

	/** @throws Problem `bad_input` */
	async put(input: PutPushDeviceInput): Promise<KeptPushDevice> {
		this.#options.service().check(input.subscription);
		const { deviceId, showsText } = await this.devices.put(input);
		return { deviceId, showsText };
	}

	/** Somebody looks at a page of theirs, or does not any more. */
	noteUse(connectionId: string, isInUse: boolean, deviceId: string | undefined): void {
		const { limits, now, isConnected } = this.#options;
		for (const id of this.#uses.keys()) if (!isConnected(id)) this.#uses.delete(id);
		if (isInUse) this.#uses.set(connectionId, { deviceId, until: now() + limits.deviceUseMs });
		else this.#uses.delete(connectionId);
	}

	tell(notified: Notified): void {
		if (this.devices.all.length === 0) return;
		const place = placeOf(notified);
		const before = this.#waiting.get(place)?.notified;
		const stronger = strongerOf(before, notified);
		if (stronger === before) return;
		this.#waiting.delete(place);
		this.#waiting.set(place, { notified, told: new Set() });
		for (const oldest of this.#waiting.keys()) {
			if (this.#waiting.size <= this.#options.limits.pushPlacesMax) break;
			this.#waiting.delete(oldest);
		}
		this.#pump();
	}

	/** @throws Problem `not_found` `rate_limited` */
	async test(deviceId: string): Promise<PushOutcome> {
		const device = this.devices.get(deviceId);
		if (device === undefined) throw new Problem("not_found", "This device is not told anything.");
		const { now, limits } = this.#options;
		const waitMs = this.#testedAt + limits.pushTestEveryMs - now();
		if (waitMs > 0) throw new Problem("rate_limited", `Try again in ${waitMs} ms.`, { waitMs });
		this.#testedAt = now();
		return this.#send(device, testMessage(now()), { isUrgent: true, isWanted: () => true });
	}

	/** Call from `onSleep`. */
	dispose(): void {
		clearTimeout(this.#timer);
		this.#waiting.clear();
	}

	/** Tells what is due, and comes back for what is not. */
	#pump(): void {
		clearTimeout(this.#timer);
		const now = this.#options.now();
		let next = Number.POSITIVE_INFINITY;
		for (const [place, { notified, told }] of this.#waiting) {
			for (const device of this.devices.all) {
				if (told.has(device.deviceId)) continue;
				const at = this.#timeFor(place, notified, device.deviceId, now);
				const waitMs = at === null ? 0 : at > now ? at - now : this.#take();
				if (at !== null && waitMs > 0) {
					next = Math.min(next, now + waitMs);
					continue;
				}
				told.add(device.deviceId);
				if (at !== null) this.#start(place, notified, device);
			}
			if (this.devices.all.every(({ deviceId }) => told.has(deviceId))) this.#waiting.delete(place);
		}
		if (Number.isFinite(next)) this.#timer = setTimeout(() => this.#pump(), Math.max(1, next - now));
	}

	#timeFor(place: string, notified: Notified, deviceId: string, now: number): number | null {
		const { limits, isConnected } = this.#options;
		const uses = [...this.#uses].flatMap(([id, use]) => (isConnected(id) ? [use] : []));
		const at = pushTime(deviceId, uses, notified.at, now, limits);
		const toldAt = this.#toldAt.get(`${place} ${deviceId}`) ?? Number.NEGATIVE_INFINITY;
		return at === null ? null : Math.max(at, toldAt + limits.pushGapMs);
	}

	/** 0 when one more may go out now, else how long until then. */
	#take(): number {
		const { bucket, waitMs } = takeToken(this.#bucket, this.#rate, this.#options.now());
		this.#bucket = bucket;
		return waitMs;
	}

	#start(place: string, notified: Notified, device: PushDevice): void {
		const { now, limits } = this.#options;
		const key = `${place} ${device.deviceId}`;
		for (const [told, at] of this.#toldAt) if (at + limits.pushGapMs <= now()) this.#toldAt.delete(told);
		this.#toldAt.set(key, now());
		const telling = this.#tellDevice(notified, device).catch((error: unknown) => {
			this.#frame.log.error({ msg: "a device could not be told", error: String(error) });
		});
		void this.#frame.keepAwake(telling);
	}

	async #tellDevice(notified: Notified, device: PushDevice): Promise<void> {
		const { userId: me, names, peers, limits } = this.#options;
		const row = this.#options.rowOf(notified);
		if (row === undefined || !this.#isWanted(notified)) return;
		const visibility = row.kind === "inboxRoom" ? row.visibility : "private";
		const nameOf = await names.of(namesIn(notified, visibility), peers);
		const { showsText } = device;
		const message = pushMessageOf(notified, { me, nameOf, visibility, showsText }, limits);
		const isWanted = () => this.devices.get(device.deviceId) !== undefined && this.#isWanted(notified);
		if (isWanted()) await this.#send(device, message, { isUrgent: isUrgent(notified), isWanted });
	}

	#isWanted(notified: Notified): boolean {
		const { rowOf, quietHours, now } = this.#options;
		return isStillWanted(notified, rowOf(notified), quietHours(), now());
	}

	async #send(
		{ deviceId, subscription }: PushDevice,
		message: PushMessage,
		how: { readonly isUrgent: boolean; readonly isWanted: () => boolean },
	): Promise<PushOutcome> {
		// Push services see topics: they say which messages are of one place, not of which.
		const topic = createHash("sha256").update(`${deviceId} ${message.tag}`).digest("base64url").slice(0, 32);
		const outcome = await this.#options.service().send({ subscription, message, topic, ...how });
		if (outcome === "gone") await this.devices.drop(deviceId);
		else if (outcome !== "delivered") {
			const { host } = new URL(subscription.endpoint); // the path is a secret
			this.#frame.log.warn({ msg: "a push service did not take a message", outcome, host });
		}
		return outcome;
	}
}
