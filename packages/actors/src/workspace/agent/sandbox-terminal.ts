import type { Socket } from "node:net";
import type { TerminalSize } from "@bullpen/domain/terminal";
import { WebSocket } from "ws";
import { z } from "zod";
import { boundedText } from "./bounded-text.ts";
import { within } from "./within.ts";

export interface TerminalWish {
	readonly size: TerminalSize;
	/** What it prints, as it comes. */
	onOutput(bytes: Buffer): void;
	/** Once: its shell ended, or the sandbox did. */
	onEnd(end: { readonly exitCode?: number }): void;
}

/** A shell and its terminal in a sandbox. After its end nothing of this does anything. */
export interface OpenedTerminal {
	write(text: string): void;
	resize(size: TerminalSize): void;
	/** Nothing more is taken from it, so that what prints has to wait. */
	pause(): void;
	resume(): void;
	/** Ends the shell. `onEnd` follows. */
	close(): Promise<void>;
}

/** Where a sandbox's server is. */
export interface TerminalPlace {
	readonly fetch: typeof globalThis.fetch;
	readonly connect: () => Socket;
	readonly folder: string;
	/** How long its server may take to answer. */
	readonly answerMs: number;
}

const Created = z.object({ id: z.string(), pid: z.int() });
const ANSWER_CHARS_MAX = 64 * 1024;
const HANG_UP_MS = 500;
/** What the server says beside output, which is binary (Sandbox Agent 0.4.2, `ProcessTerminalServerFrame`). */
const Told = z.object({ type: z.string(), exitCode: z.int().nullish() });
const TOLD_BYTES_MAX = 1024 * 1024;
const UNREAD_BYTES_MAX = 4 * 1024 * 1024;

/** What the sandbox's own server got with its environment is none of people's business, who share this screen. */
const SHELL = `exec /usr/bin/env -i HOME="$HOME" LANG="$LANG" PATH="$PATH" TMPDIR="$TMPDIR" USER="$USER" \
TERM=xterm-256color COLORTERM=truecolor SHELL="$(command -v bash || echo /bin/sh)" PS1='\${PWD} $ ' \
\${HTTPS_PROXY:+HTTP_PROXY="$HTTP_PROXY" HTTPS_PROXY="$HTTPS_PROXY" NO_PROXY="$NO_PROXY" http_proxy="$http_proxy" \
https_proxy="$https_proxy" no_proxy="$no_proxy"} "$(command -v bash || echo /bin/sh)" -i`;

/** A shell on a terminal of its own in the sandbox, through the sandbox's own server. @throws Error */
export async function openSandboxTerminal(place: TerminalPlace, wish: TerminalWish): Promise<OpenedTerminal> {
	const processes = "http://sandbox/v1/processes";
	const ask = (path: string, method: string, body?: object): Promise<Response> =>
		place.fetch(`${processes}${path}`, {
			method,
			...(body && { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
			signal: AbortSignal.timeout(place.answerMs),
		});
	const made = await ask("", "POST", {
		command: "/bin/sh",
		args: ["-c", SHELL],
		cwd: place.folder,
		tty: true,
		interactive: true,
	});
	const text = await boundedText(made, ANSWER_CHARS_MAX);
	if (!made.ok) throw new Error(`The terminal did not start: ${text.slice(0, 300)}`);
	const { id, pid } = Created.parse(JSON.parse(text));
	const socket = new WebSocket(`ws://sandbox/v1/processes/${id}/terminal/ws`, {
		createConnection: () => place.connect(),
		perMessageDeflate: false,
		handshakeTimeout: place.answerMs,
		maxPayload: TOLD_BYTES_MAX,
	});
	let exitCode: number | undefined;
	let isOpen = false;
	const ended = new Promise<void>((resolve) => {
		socket.once("close", () => {
			resolve();
			if (isOpen) wish.onEnd(exitCode === undefined ? {} : { exitCode });
			ask(`/${id}`, "DELETE").catch(goneWithIt);
		});
	});
	socket.on("message", (data: Buffer, isBinary: boolean) => {
		if (isBinary) return wish.onOutput(data);
		const told = toldIn(String(data));
		if (told?.type !== "exit") return;
		exitCode = told.exitCode ?? undefined;
		socket.close();
	});
	await new Promise<void>((resolve, reject) => {
		socket.once("open", resolve).once("error", reject);
	});
	isOpen = true;
	socket.on("error", goneWithIt); // "close" follows
	const send = (frame: object): void => {
		if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(frame));
		// Nobody types that much ahead: what is in there does not read any more.
		if (socket.bufferedAmount > UNREAD_BYTES_MAX) socket.terminate();
	};
	send({ type: "resize", ...wish.size });
	return {
		write: (data) => send({ type: "input", data }),
		resize: (size) => send({ type: "resize", ...size }),
		pause: () => socket.pause(),
		resume: () => socket.resume(),
		async close() {
			socket.resume();
			// A shell that is told to hang up tells its jobs; one that is killed cannot.
			await ask("/run", "POST", { command: "/bin/sh", args: ["-c", 'kill -HUP "$1"', "sh", String(pid)] }).catch(
				goneWithIt,
			);
			if (await within(HANG_UP_MS, ended)) return;
			await ask(`/${id}/kill`, "POST").catch(goneWithIt);
			if (await within(place.answerMs, ended)) return;
			socket.terminate();
			await ended;
		},
	};
}

/** The sandbox ends what is left of it. */
function goneWithIt(): void {}

function toldIn(text: string): z.infer<typeof Told> | undefined {
	try {
		return Told.safeParse(JSON.parse(text)).data;
	} catch {
		return undefined; // not for us
	}
}
