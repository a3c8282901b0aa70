/** How many people a server of the bench has: `bench-0` and so on. */
export const PEOPLE = 400;

/** One person connected to one room, of whichever kind. */
export interface Seat {
	/** Resolves with the message's seq once it is acknowledged. */
	send(text: string): Promise<number>;
	/** Resolves once nothing that is sent from now on can be missed unnoticed. */
	listen(heard: (seq: number, text: string) => void): Promise<void>;
	/** Fetches what was lost on the way, where the room can tell. */
	sync(): Promise<void>;
	/** Ids of the `rows` newest messages below `before`. */
	page(before: number | undefined, rows: number): Promise<number[]>;
	headSeq(): Promise<number>;
	/** How many rows were read to catch up on the last `missed` changes. */
	catchUp(missed: number): Promise<number>;
	close(): Promise<void>;
}

/** A person's own list of rooms, on a device that is connected. */
export interface Inbox {
	onHead(told: (room: string, headSeq: number) => void): void;
	close(): Promise<void>;
}

export interface Hall {
	/** Connected, joined and ready to talk. */
	open(room: string, person: string): Promise<Seat>;
	/** The same, by as thin a client as there is: for crowds that would otherwise take the machine from the server. */
	openListener(room: string, person: string): Promise<Seat>;
	/** Undefined where rooms tell nobody. */
	openInbox: ((person: string) => Promise<Inbox>) | undefined;
	fill(room: string, messages: number, text: string): Promise<void>;
	close(): Promise<void>;
}
