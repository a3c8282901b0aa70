/**
 * Runs inside the sandbox as its first process: starts the Sandbox Agent server on the sandbox's own loopback and carries
 * connections to it from the listening socket inherited as descriptor 3, the only way in. Built-in modules only: the
 * sandbox has nothing else. Arguments: the server's port, then its command line.
 */
import { spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { connect, createServer, type Socket } from "node:net";

const LISTEN_FD = 3;
const RETRY_MS = 10;

const [port, program, ...args] = process.argv.slice(2);
if (!port || !program) throw new Error("Usage: bridge.ts <port> <program> [argument...]");

// When memory runs out the kernel should end a sandbox before anything of the host.
await writeFile("/proc/self/oom_score_adj", "600").catch(() => undefined);

const server = spawn(program, args, { stdio: ["ignore", "inherit", "inherit"] });
server.on("error", () => process.exit(1));
server.on("exit", () => process.exit(1));
// The host holds the other end: when it is gone, so is this.
process.stdin.on("end", () => process.exit(0)).on("error", () => process.exit(0));
process.stdin.resume();

(await reach(Number(port))).destroy();
createServer({ allowHalfOpen: true }, (outer) => {
	const inner = connect({ port: Number(port), host: "127.0.0.1", allowHalfOpen: true });
	outer.pipe(inner).pipe(outer);
	for (const [socket, other] of [
		[outer, inner],
		[inner, outer],
	] as const) {
		socket.on("error", () => other.destroy());
		socket.on("close", () => other.destroy());
	}
}).listen({ fd: LISTEN_FD }, () => process.stdout.write("ready\n"));

/** Tries until the server listens; the host gives up after its own time. */
function reach(port: number): Promise<Socket> {
	return new Promise((resolve) => {
		const attempt = connect({ port, host: "127.0.0.1" });
		attempt.on("connect", () => resolve(attempt));
		attempt.on("error", () => setTimeout(() => resolve(reach(port)), RETRY_MS));
	});
}
