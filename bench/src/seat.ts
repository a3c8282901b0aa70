/** One person connected to one room, of whichever kind. */
export interface Seat {
	/** Resolves with the message's seq once it is acknowledged. */
	send(text: string): Promise<number>;
	listen(heard: (seq: number, text: string) => void): void;
	/** Fetches what was lost on the way, where the room can tell. */
	sync(): Promise<void>;
	/** Ids of the `rows` newest messages below `before`. */
	page(before: number | undefined, rows: number): Promise<number[]>;
	headSeq(): Promise<number>;
	/** How many rows were read to catch up on the last `missed` changes. */
	catchUp(missed: number): Promise<number>;
	close(): Promise<void>;
}

export interface Hall {
	/** Connected, joined and ready to talk. */
	open(room: string, person: string): Promise<Seat>;
	fill(room: string, messages: number, text: string): Promise<void>;
	close(): Promise<void>;
}
