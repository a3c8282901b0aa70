import type { PeerMessage } from "./room-log.ts";

/** What a client of the `socket.io` peer says; each call is acknowledged. */
export interface ToServer {
	join(room: string, person: string, answer: (head: number) => void): void;
	listen(answer: (head: number) => void): void;
	send(text: string, answer: (id: number) => void): void;
	history(before: number, limit: number, answer: (page: PeerMessage[]) => void): void;
	head(answer: (head: number) => void): void;
	fill(messages: number, text: string, answer: (head: number) => void): void;
}

export interface ToClient {
	newMessage(message: PeerMessage): void;
}
