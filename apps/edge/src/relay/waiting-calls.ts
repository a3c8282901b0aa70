/** Where the calls of one connection wait, in their order. Of one person's connections, none comes before another. */
export interface Lane<Call> {
	readonly userId: string;
	readonly calls: Call[];
	/** Nothing is taken from a lane that is held. */
	isHeld: boolean;
	isReady: boolean;
}

export interface Sized {
	readonly bytes: number;
}

export const newLane = <Call>(userId: string): Lane<Call> => ({ userId, calls: [], isHeld: true, isReady: false });

/** Calls that wait for an actor. Taken in turns: one of each person, of each of their connections, then again. */
export class WaitingCalls<Call extends Sized> {
	readonly #people: { readonly userId: string; readonly lanes: Lane<Call>[] }[] = [];
	readonly #byUserId = new Map<string, { readonly userId: string; readonly lanes: Lane<Call>[] }>();
	#size = 0;
	#bytes = 0;

	get size(): number {
		return this.#size;
	}

	get bytes(): number {
		return this.#bytes;
	}

	/** Whether anything may be taken now. */
	get isReady(): boolean {
		return this.#people.length > 0;
	}

	add(lane: Lane<Call>, call: Call): void {
		lane.calls.push(call);
		this.#size++;
		this.#bytes += call.bytes;
		this.#makeReady(lane);
	}

	hold(lane: Lane<Call>): void {
		lane.isHeld = true;
	}

	release(lane: Lane<Call>): void {
		lane.isHeld = false;
		this.#makeReady(lane);
	}

	/** Takes what a lane has left, in order, when its connection is gone or `isWanted` says so. */
	remove(lane: Lane<Call>, isWanted: (call: Call) => boolean = () => true): Call[] {
		const removed = lane.calls.filter(isWanted);
		if (removed.length === 0) return removed;
		const kept = lane.calls.filter((call) => !isWanted(call));
		lane.calls.splice(0, lane.calls.length, ...kept);
		for (const call of removed) this.#forget(call);
		return removed;
	}

	/** The next calls that fit one frame, at least one if there is any. */
	take(callsMax: number, bytesMax: number): Call[] {
		const calls: Call[] = [];
		let bytes = 0;
		while (calls.length < callsMax) {
			const person = this.#people[0];
			if (person === undefined) break;
			const lane = person.lanes[0];
			const call = lane?.isHeld === false ? lane.calls[0] : undefined;
			if (lane !== undefined && call !== undefined) {
				if (calls.length > 0 && bytes + call.bytes > bytesMax) break;
				lane.calls.shift();
				this.#forget(call);
				bytes += call.bytes;
				calls.push(call);
			}
			this.#turn();
		}
		return calls;
	}

	/** The first person's first lane goes behind that person's others, and the person behind all others. */
	#turn(): void {
		const person = this.#people.shift();
		const lane = person?.lanes.shift();
		if (person === undefined || lane === undefined) return;
		if (!lane.isHeld && lane.calls.length > 0) person.lanes.push(lane);
		else lane.isReady = false;
		if (person.lanes.length > 0) this.#people.push(person);
		else this.#byUserId.delete(person.userId);
	}

	#makeReady(lane: Lane<Call>): void {
		if (lane.isReady || lane.isHeld || lane.calls.length === 0) return;
		lane.isReady = true;
		const known = this.#byUserId.get(lane.userId);
		if (known !== undefined) {
			known.lanes.push(lane);
			return;
		}
		const person = { userId: lane.userId, lanes: [lane] };
		this.#byUserId.set(lane.userId, person);
		this.#people.push(person);
	}

	#forget(call: Call): void {
		this.#size--;
		this.#bytes -= call.bytes;
	}
}
