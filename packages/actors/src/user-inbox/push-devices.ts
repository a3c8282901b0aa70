import { createHash } from "node:crypto";
import type { Limits } from "@bullpen/domain/limits";
import { type KeptPushDevice, PushSubscription, type PutPushDeviceInput } from "@bullpen/domain/push";
import type { RawAccess } from "rivetkit/db";

/** A migration. Addresses of devices are their person's alone: no row of the feed, and no answer, holds them. */
export const PUSH_DEVICES_MIGRATION = `
	CREATE TABLE push_devices (
		device_id TEXT PRIMARY KEY,
		session_id TEXT NOT NULL UNIQUE,
		subscription TEXT NOT NULL,
		shows_text INTEGER NOT NULL,
		seen_at INTEGER NOT NULL -- unix ms
	) WITHOUT ROWID;
`;

export interface PushDevice extends KeptPushDevice {
	readonly sessionId: string;
	readonly subscription: PushSubscription;
	readonly seenAt: number;
}

/** Where one person is told while no page of theirs is looked at: a browser is one sign-in, and one device. */
export class PushDevices {
	readonly #db: () => RawAccess;
	readonly #limits: Pick<Limits, "pushDevicesMax" | "sessionMs">;
	readonly #now: () => number;
	readonly #devices = new Map<string, PushDevice>();

	constructor(db: () => RawAccess, limits: Pick<Limits, "pushDevicesMax" | "sessionMs">, now: () => number) {
		this.#db = db;
		this.#limits = limits;
		this.#now = now;
	}

	async load(): Promise<void> {
		const rows = await this.#db().execute<
			Record<"device_id" | "session_id" | "subscription", string> & Record<"shows_text" | "seen_at", number>
		>("SELECT device_id, session_id, subscription, shows_text, seen_at FROM push_devices");
		this.#devices.clear();
		for (const { device_id: deviceId, session_id: sessionId, subscription, shows_text, seen_at: seenAt } of rows) {
			const parsed = PushSubscription.parse(JSON.parse(subscription));
			this.#devices.set(deviceId, { deviceId, sessionId, subscription: parsed, showsText: shows_text === 1, seenAt });
		}
	}

	/** Those that were seen for as long as a sign-in lasts. */
	get all(): PushDevice[] {
		const since = this.#now() - this.#limits.sessionMs;
		return [...this.#devices.values()].filter(({ seenAt }) => seenAt > since);
	}

	get(deviceId: string): PushDevice | undefined {
		return this.#devices.get(deviceId);
	}

	/** In place of what this sign-in, and this address, had before. Of too many the one not seen for longest goes. */
	async put({ sessionId, subscription, showsText }: PutPushDeviceInput): Promise<PushDevice> {
		const before = [...this.#devices.values()].find((device) => device.sessionId === sessionId);
		const deviceId = createHash("sha256").update(subscription.endpoint).digest("hex").slice(0, 32);
		const device: PushDevice = {
			...{ deviceId, sessionId, subscription, seenAt: this.#now() },
			showsText: showsText ?? before?.showsText ?? true,
		};
		// Known before it is written, so that a sign-in that ends meanwhile takes it away.
		if (before !== undefined) this.#devices.delete(before.deviceId);
		this.#devices.set(deviceId, device);
		try {
			await this.#db().execute(
				`INSERT OR REPLACE INTO push_devices (device_id, session_id, subscription, shows_text, seen_at)
				VALUES (?, ?, ?, ?, ?)`,
				...[deviceId, sessionId, JSON.stringify(subscription), device.showsText ? 1 : 0, device.seenAt],
			);
		} catch (error) {
			this.#devices.delete(deviceId);
			throw error;
		}
		await this.#dropOldest();
		return device;
	}

	drop(deviceId: string): Promise<void> {
		return this.#remove([deviceId]);
	}

	dropSession(sessionId: string): Promise<void> {
		return this.#remove(this.#idsWhere((device) => device.sessionId === sessionId));
	}

	dropAll(): Promise<void> {
		return this.#remove([...this.#devices.keys()]);
	}

	async #dropOldest(): Promise<void> {
		const current = new Set(
			this.all
				.sort((one, other) => other.seenAt - one.seenAt)
				.slice(0, this.#limits.pushDevicesMax)
				.map(({ deviceId }) => deviceId),
		);
		await this.#remove(this.#idsWhere(({ deviceId }) => !current.has(deviceId)));
	}

	#idsWhere(test: (device: PushDevice) => boolean): string[] {
		return [...this.#devices.values()].filter(test).map(({ deviceId }) => deviceId);
	}

	/** Not told from this moment on, even if it cannot be written down. */
	async #remove(deviceIds: readonly string[]): Promise<void> {
		for (const deviceId of deviceIds) this.#devices.delete(deviceId);
		if (deviceIds.length === 0) return;
		await this.#db().execute(
			"DELETE FROM push_devices WHERE device_id IN (SELECT value FROM json_each(?))",
			JSON.stringify(deviceIds),
		);
	}
}
