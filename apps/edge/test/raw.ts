import { connect, type Socket } from "node:net";
import { ticketFor } from "./tickets.ts";

export interface Answer {
	readonly status: number;
	readonly headers: Readonly<Record<string, string>>;
	readonly body: string;
}

/** One request exactly as written, on a connection of its own, for whatever Node's client would not send. */
export function raw(port: number, lines: readonly string[], body = "", waitMs = 5_000): Promise<Answer> {
	return new Promise((resolve, reject) => {
		const socket = connect(port, "127.0.0.1", () => socket.write(`${lines.join("\r\n")}\r\n\r\n${body}`));
		let text = "";
		const timer = setTimeout(() => {
			socket.destroy();
			reject(new Error(`no whole answer to ${lines[0]}: ${text.slice(0, 200)}`));
		}, waitMs);
		const finish = (): void => {
			clearTimeout(timer);
			socket.destroy();
			resolve(parse(text));
		};
		socket.on("data", (chunk) => {
			text += chunk.toString("latin1");
			if (text.startsWith("HTTP/1.1 101") && text.includes("\r\n\r\n")) finish();
		});
		socket.on("end", finish);
		socket.on("close", finish);
		socket.on("error", finish);
	});
}

export interface Asking {
	readonly method?: string;
	readonly target: string;
	readonly headers?: Readonly<Record<string, string>>;
	readonly body?: string;
	readonly host?: string;
}

export function ask(port: number, { method = "GET", target, headers = {}, body = "", host }: Asking): Promise<Answer> {
	const lines = [`${method} ${target} HTTP/1.1`, `Host: ${host ?? `127.0.0.1:${port}`}`, "Connection: close"];
	if (body !== "") lines.push(`Content-Length: ${Buffer.byteLength(body)}`);
	for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`);
	return raw(port, lines, body);
}

export const TICKET = ticketFor("chatRoom");
export const offerOf = (ticket: string): string =>
	`rivet, rivet_encoding.json, rivet_conn_params.${encodeURIComponent(JSON.stringify({ ticket }))}`;
export const OFFER = offerOf(TICKET);
export const CONNECT = "/rivet/gateway/chatRoom/connect?rvt-namespace=default&rvt-method=get&rvt-key=general";

export function handshake(
	port: number,
	target: string,
	headers: Readonly<Record<string, string>> = {},
	host?: string,
): Promise<Answer> {
	return raw(port, handshakeLines(host ?? `127.0.0.1:${port}`, target, headers));
}

/** A handshake that stays open. */
export function holdHandshake(port: number, target = CONNECT): Promise<Socket> {
	return new Promise((resolve, reject) => {
		const socket = connect(port, "127.0.0.1", () => {
			socket.write(`${handshakeLines(`127.0.0.1:${port}`, target).join("\r\n")}\r\n\r\n`);
		});
		socket.once("data", (chunk) => {
			const line = chunk.toString("latin1").split("\r\n")[0] ?? "";
			if (line.startsWith("HTTP/1.1 101")) resolve(socket);
			else reject(new Error(line));
		});
		socket.once("error", reject);
	});
}

function handshakeLines(host: string, target: string, headers: Readonly<Record<string, string>> = {}): string[] {
	const all = {
		host,
		connection: "Upgrade",
		upgrade: "websocket",
		"sec-websocket-version": "13",
		"sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
		"sec-websocket-protocol": OFFER,
		...headers,
	};
	const lines = Object.entries(all).filter(([, value]) => value !== "");
	return [`GET ${target} HTTP/1.1`, ...lines.map(([name, value]) => `${name}: ${value}`)];
}

function parse(text: string): Answer {
	const [head = "", ...rest] = text.split("\r\n\r\n");
	const [line = "", ...lines] = head.split("\r\n");
	const headers = Object.fromEntries(
		lines.map((entry) => [
			entry.slice(0, entry.indexOf(":")).toLowerCase(),
			entry.slice(entry.indexOf(":") + 1).trim(),
		]),
	);
	return { status: Number(line.split(" ")[1] ?? 0), headers, body: rest.join("\r\n\r\n") };
}
