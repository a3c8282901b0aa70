import type { PushDevice, PushState } from "./push-device.ts";

const UNKNOWN: PushState = { phase: "unknown" };

/** Push on this device. What knows it is fetched where it is on, or somebody asks: most browsers never were allowed to. */
export class Push {
	readonly #userId: string;
	readonly #listeners = new Set<() => void>();
	#device: PushDevice | null = null;

	constructor(userId: string) {
		this.#userId = userId;
	}

	readonly subscribe = (listener: () => void): (() => void) => {
		this.#listeners.add(listener);
		return () => void this.#listeners.delete(listener);
	};
	readonly getSnapshot = (): PushState => this.#device?.getSnapshot() ?? UNKNOWN;

	/** With the first page: on any device that may be told something. */
	async begin(): Promise<void> {
		if (isAllowed()) await this.use((device) => device.look()).catch(() => undefined); // the next page looks again
	}

	/** Call before signing out. Never rejects. */
	async end(): Promise<void> {
		if (isAllowed()) await this.use((device) => device.end()).catch(() => undefined); // the server forgets it as well
	}

	/** At once, where it was fetched already: only during a click does a browser ask its person. */
	use<Result>(act: (device: PushDevice) => Promise<Result>): Promise<Result> {
		return this.#device === null ? this.#fetch().then(act) : act(this.#device);
	}

	async #fetch(): Promise<PushDevice> {
		const { PushDevice } = await import("./push-device.ts");
		if (this.#device === null) {
			this.#device = new PushDevice(this.#userId);
			this.#device.subscribe(() => {
				for (const listener of [...this.#listeners]) listener();
			});
		}
		return this.#device;
	}
}

/** Without it there is nothing that anybody could have been told. */
const isAllowed = (): boolean => typeof Notification !== "undefined" && Notification.permission === "granted";
