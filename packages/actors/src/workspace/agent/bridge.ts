/**
 * Runs inside the sandbox as its first process: starts the Sandbox Agent server on the sandbox's own loopback and carries
 * connections to it from the listening socket inherited as descriptor 3, the only way in; with `--stdio` from the streams of
 * HTTP/2 over its own input and output instead (`bridge-stdio.ts`). The only way out, where there is one, are the sockets
 * `--model-socket` and `--egress-socket`, offered on the loopback at `--model-port` and `--egress-port`.
 * Built-in modules only: the sandbox has nothing else. What follows the options is the server's command line. The first line of its
 * input, or with `--stdio` the body of the first stream, is JSON: variables that must not be on a command line.
 */
import { spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { connect, createServer, type Socket } from "node:net";
import { parseArgs } from "node:util";
import type { Host } from "./bridge-stdio.ts";
import { carry } from "./carry.ts";

const LISTEN_FD = 3;
const RETRY_MS = 10;

const { values, positionals } = parseArgs({
	options: {
		port: { type: "string" },
		stdio: { type: "boolean" },
		"model-port": { type: "string" },
		"model-socket": { type: "string" },
		"egress-port": { type: "string" },
		"egress-socket": { type: "string" },
	},
	allowPositionals: true,
});
const port = Number(values.port);
const [program, ...args] = positionals;
if (!port || !program) throw new Error("Usage: bridge.ts --port <port> -- <program> [argument...]");

// When memory runs out the kernel should end a sandbox before anything of the host.
await writeFile("/proc/self/oom_score_adj", "600").catch(() => undefined);

const host = values.stdio ? (await import("./bridge-stdio.ts")).hostOverStdio() : hostOverSocket();
const variables: unknown = JSON.parse(await host.variables);
const server = spawn(program, args, {
	// What the server prints is for a log, whatever our own output is for.
	stdio: ["ignore", process.stderr.fd, "inherit"],
	env: { ...process.env, ...(typeof variables === "object" ? variables : {}) },
});
server.on("error", () => process.exit(1));
server.on("exit", () => process.exit(1));

for (const [path, at] of [
	[values["model-socket"], values["model-port"]],
	[values["egress-socket"], values["egress-port"]],
]) {
	if (path === undefined) continue;
	const out = createServer({ allowHalfOpen: true }, (inner) => carry(inner, connect({ path, allowHalfOpen: true })));
	await new Promise<void>((resolve) => out.listen(Number(at), "127.0.0.1", resolve));
}

(await reach(port)).destroy();
host.open(() => connect({ port, host: "127.0.0.1", allowHalfOpen: true }), carry);

function hostOverSocket(): Host {
	return {
		variables: firstLine(),
		open(toServer) {
			createServer({ allowHalfOpen: true }, (outer) => carry(outer, toServer())).listen({ fd: LISTEN_FD }, () =>
				process.stdout.write("ready\n"),
			);
		},
	};
}

/** The host holds the other end of the input: when it is gone, so is this. */
function firstLine(): Promise<string> {
	process.stdin.on("end", () => process.exit(0)).on("error", () => process.exit(0));
	return new Promise((resolve) => {
		let text = "";
		process.stdin.setEncoding("utf8").on("data", (chunk: string) => {
			text += chunk;
			if (text.includes("\n")) resolve(text.slice(0, text.indexOf("\n")));
		});
	});
}

/** Tries until the server listens; the host gives up after its own time. */
function reach(port: number): Promise<Socket> {
	return new Promise((resolve) => {
		const attempt = connect({ port, host: "127.0.0.1" });
		attempt.on("connect", () => resolve(attempt));
		attempt.on("error", () => setTimeout(() => resolve(reach(port)), RETRY_MS));
	});
}
