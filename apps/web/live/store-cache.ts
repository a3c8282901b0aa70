/** Screens that were looked at lately: coming back shows them at once and only reads what was missed. */
const STORES_KEPT = 12;

/** Makes one store for each key and keeps the most recently used. */
export class StoreCache<Store extends { dispose(): void }> {
	readonly #make: (key: string) => Store;
	readonly #max: number;
	readonly #stores = new Map<string, Store>();

	constructor(make: (key: string) => Store, max: number = STORES_KEPT) {
		this.#make = make;
		this.#max = max;
	}

	get(key: string): Store {
		const store = this.#stores.get(key) ?? this.#make(key);
		this.#stores.delete(key);
		this.#stores.set(key, store);
		for (const [oldest, one] of this.#stores) {
			if (this.#stores.size <= this.#max) break;
			this.#stores.delete(oldest);
			one.dispose();
		}
		return store;
	}
}
