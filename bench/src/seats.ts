import { type Hall, PEOPLE, type Seat } from "./seat.ts";

const OPENING_WIDTH = 25;
/** Each wakes a room, which takes the servers far longer than a connection. */
const PAIRS_WIDTH = 5;

/** So many people, with as many devices each as it takes. */
export const personOf = (n: number): string => `bench-${n % PEOPLE}`;

/** `people` from the `first` on, a few at a time: what is measured comes after it. */
export async function openMany(open: Hall["open"], room: string, people: number, first = 0): Promise<Seat[]> {
	return await inSteps(people, OPENING_WIDTH, (i) => open(room, personOf(first + i)));
}

/** Two people in each room, others in each. */
export async function openPairs(hall: Hall, rooms: readonly string[]): Promise<[Seat, Seat][]> {
	return await inSteps(rooms.length, PAIRS_WIDTH, (i) =>
		Promise.all([hall.open(rooms[i] ?? "", personOf(2 * i)), hall.open(rooms[i] ?? "", personOf(2 * i + 1))]),
	);
}

export const closeAll = (seats: readonly Seat[]): Promise<unknown> => Promise.all(seats.map((seat) => seat.close()));

/** So many at once, the next when all of those are done. */
export async function inSteps<T>(count: number, atOnce: number, make: (i: number) => Promise<T>): Promise<T[]> {
	const made: T[] = [];
	for (let i = 0; i < count; i += atOnce) {
		const width = Math.min(atOnce, count - i);
		made.push(...(await Promise.all(Array.from({ length: width }, (_, n) => make(i + n)))));
	}
	return made;
}
