import { once } from "node:events";
import { chmod, chown, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { createServer as createHttpServer } from "node:http";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LIMITS, type Limits } from "@bullpen/domain/limits";
import type { SandboxLimits } from "@bullpen/domain/sandbox";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { demo } from "../src/workspace/agent/agents/demo.ts";
import type { ModelAccess } from "../src/workspace/agent/model-door.ts";
import type { WorkspaceSandbox } from "../src/workspace/agent/sandbox-session.ts";
import type { WaysOutWish } from "../src/workspace/agent/ways-out.ts";

const MIB = 1024 * 1024;

/** What a provider is made of, in every kind of sandbox. */
export interface SandboxWish extends WaysOutWish {
	readonly workspaceId: string;
	readonly dataDir: string;
	onExit(reason: string): void;
}

/** One kind of sandbox, to be held to what every kind promises. */
export interface SandboxFactory {
	/** Why it cannot be tried on this machine. */
	readonly obstacle?: string | undefined;
	/** Called again for a workspace it was called for before: its files are to be there. */
	make(wish: SandboxWish): WorkspaceSandbox;
	/** What people are told bounds it. */
	limits(limits: Limits): SandboxLimits;
	/** Names of all processes or containers in which something of this workspace runs; `folder` is its own on the host. */
	running(folder: string): Promise<readonly string[]>;
}

const Ran = z.object({ stdout: z.string(), timedOut: z.boolean() });
const bounds: Limits = {
	...LIMITS,
	sandboxFileBytesMax: 10 * MIB,
	sandboxTemporaryBytesMax: 16 * MIB,
	sandboxMemoryBytesMax: 768 * MIB,
	sandboxProcessesMax: 96,
	sandboxOpenFilesMax: 512,
};
const SECRET = "contract-secret-of-the-server";

/** One workspace and its sandbox, which is started and ended as often as a test likes. */
class Box {
	readonly workspaceId: string;
	readonly folder: string;
	readonly ends: string[] = [];
	readonly sandbox: WorkspaceSandbox;
	#id = "";

	constructor(factory: SandboxFactory, dataDir: string, workspaceId: string, models?: WaysOutWish["models"]) {
		this.workspaceId = workspaceId;
		this.folder = join(dataDir, "workspaces", workspaceId);
		this.sandbox = factory.make({
			...{ workspaceId, dataDir, limits: bounds, agent: demo, packageFolder: undefined, models },
			onExit: (reason) => this.ends.push(reason),
		});
	}

	async start(): Promise<void> {
		this.#id = await this.sandbox.create();
	}

	stop(): Promise<void> {
		return this.sandbox.destroy(this.#id);
	}

	/** What this shell script prints inside. */
	async run(script: string): Promise<string> {
		const fetch = await this.sandbox.getFetch(this.#id);
		const response = await fetch("http://sandbox/v1/processes/run", {
			method: "POST",
			headers: { "content-type": "application/json" },
			body: JSON.stringify({
				command: "/bin/sh",
				args: ["-c", `exec 2>&1\n${script}`],
				cwd: this.sandbox.defaultCwd,
				timeoutMs: 20_000,
				maxOutputBytes: MIB,
			}),
		});
		return Ran.parse(await response.json()).stdout;
	}
}

/** A model's server, behind the door that every kind of sandbox opens the same way. */
const models: ModelAccess = {
	providers: async () => ["openai"],
	async open(provider, { socketPath, socketUid }) {
		const server = createHttpServer((_, response) => response.end("from the model"));
		await once(server.listen(socketPath), "listening");
		await chmod(socketPath, 0o600);
		if (socketUid !== undefined) await chown(socketPath, socketUid, socketUid);
		return {
			provider,
			token: "contract-token",
			close: async () => {
				server.closeAllConnections();
				server.close();
			},
		};
	},
};

/** Registers what every kind of sandbox promises. What is to be told of one kind alone stands in that one's own tests. */
export function sandboxContract(name: string, factory: SandboxFactory): void {
	const { obstacle } = factory;
	const title = obstacle === undefined ? `a sandbox: ${name}` : `a sandbox: ${name} (not tried: ${obstacle})`;
	describe.skipIf(obstacle !== undefined)(title, () => {
		let root: string;
		let shared: Box;
		let made = 0;
		const box = (): Box => new Box(factory, root, `w-contract-${++made}`);

		beforeAll(async () => {
			vi.stubEnv("BULLPEN_CONTRACT_SECRET", SECRET);
			root = await mkdtemp(join(tmpdir(), "bullpen-contract-"));
			shared = new Box(factory, root, "w-contract-shared", { access: models, provider: "openai" });
			await shared.start();
		});
		afterAll(async () => {
			vi.unstubAllEnvs();
			await shared.stop();
			await rm(root, { recursive: true, force: true });
		});

		test("its server answers, in the folder of the workspace's files", async () => {
			expect(await shared.run("pwd; echo $HOME")).toBe("/workspace\n/home/agent\n");
		});

		test("files and home are there after a restart, what is temporary is not", async () => {
			const one = box();
			await one.start();
			await one.run("echo kept > kept.txt; echo kept too > ~/kept.txt; echo gone > /tmp/gone.txt");
			await one.stop();
			await one.start();
			expect(await one.run("cat kept.txt ~/kept.txt; ls /tmp/gone.txt")).toMatch(/^kept\nkept too\nls: /);
			await one.stop();
		});

		test("has an environment of its own, and the workspace's token in it alone", async () => {
			const own = await shared.run("env");
			expect(own).toMatch(/^HOME=\/home\/agent$/m);
			expect(own).toMatch(/^BULLPEN_MODEL_TOKEN=contract-token$/m);
			const all = await shared.run("cat /proc/*/environ /proc/*/cmdline 2>/dev/null | tr '\\0' '\\n' | sort -u");
			expect(`${own}${all}`).not.toMatch(new RegExp(`${SECRET}|RIVET|VITEST|npm_|BULLPEN_(?!MODEL_TOKEN)`));
		});

		test("sees no file of the host, nor through a link out of its own", async () => {
			await mkdir(join(root, "keys"));
			const secret = join(root, "keys", "secret.pem");
			await writeFile(secret, "host-only");
			await symlink(secret, join(shared.folder, "files", "link"));
			await symlink(root, join(shared.folder, "files", "far"));
			const said = await shared.run(
				`cat ${secret} link /proc/1/root${secret}; ls ${root} far/ ${import.meta.dirname}; cat /etc/passwd`,
			);
			expect(said).not.toContain("host-only");
			expect(said.match(/No such file|Permission denied/g)).toHaveLength(6);
			expect(said).toMatch(/^agent:x:\d+:/m);
			expect(said).not.toMatch(/^root:/m);
		});

		test("reaches its models and no other network, the host's loopback included", async () => {
			const service: Server = createServer((socket) => socket.on("error", () => undefined).end("host-service"));
			await once(service.listen(0, "127.0.0.1"), "listening");
			const { port } = service.address() as { port: number };
			const ask = (url: string): string =>
				`node -e 'fetch("${url}").then((r) => r.text(), (e) => e.cause?.code ?? e.message).then(console.log)'`;
			expect(await shared.run("cut -d: -f1 /proc/net/dev | tail -n +3; tail -n +2 /proc/net/route")).toMatch(
				/^\s*lo\n$/,
			);
			expect(await shared.run(ask("http://127.0.0.1:2469/openai/v1/models"))).toBe("from the model\n");
			expect(await shared.run(ask(`http://127.0.0.1:${port}/`))).toBe("ECONNREFUSED\n");
			expect(await shared.run(ask("http://1.1.1.1/"))).toMatch(/^E(?:NETUNREACH|HOSTUNREACH)\n$/);
			service.close();
		});

		test("is not root, has no capability, and cannot get one", async () => {
			const said = await shared.run("id -u; grep -E '^(Cap|NoNewPrivs)' /proc/self/status");
			expect(said).toMatch(/^[1-9]\d*\n/);
			expect(said.match(/Cap(?:Inh|Prm|Eff|Amb):\s*0{16}/g)).toHaveLength(4);
			expect(said).toMatch(/NoNewPrivs:\s*1/);
		});

		test("sees only its own processes, and cannot end the host's", async () => {
			const said = await shared.run(`ls /proc | grep -c '^[0-9]'; kill -9 ${process.pid}; echo done`);
			expect(Number(said.split("\n")[0])).toBeLessThan(12);
			expect(said).toMatch(/No such process\s+done\n$/i);
		});

		test("cannot change what it was given to run", async () => {
			const places = [
				"/opt/bullpen",
				"/opt/demo-agent",
				"/opt/share/sandbox-agent/bin/agent_processes",
				"/usr",
				"/etc",
				"",
			];
			const said = await shared.run(places.map((place) => `touch ${place}/x`).join("\n"));
			expect(said.match(/Read-only file system|Permission denied/g)).toHaveLength(places.length);
		});

		test("is bounded as it is told", async () => {
			const told = factory.limits(bounds);
			const said = await shared.run(`grep -E 'core file|open files' /proc/self/limits
				df -B1 --output=size /tmp | tail -1
				trap '' XFSZ; truncate -s ${told.file.bytes + 1} large; rm -f large; nice`);
			expect(said).toMatch(new RegExp(`Max open files\\s+${told.openFiles.count} `));
			expect(said).toMatch(/Max core file size\s+0 /);
			expect(said).toMatch(new RegExp(`^\\s*${told.temporary.bytes}\\s*$`, "m"));
			expect(said).toMatch(/File too large|File size limit/);
			expect(Number(/(\d+)\n$/.exec(said)?.[1])).toBeGreaterThanOrEqual(5);
			if (told.memory.by === "kernel") {
				const eat = `const kept = []; for (let i = 0; i < 100; i++) kept.push(Buffer.alloc(${20 * MIB}, 1)); console.log("ATE ALL")`;
				expect(await shared.run(`node -e '${eat}'; echo "ended $?"`)).toMatch(/ended 137\n$/);
			}
			// Last: nobody can start anything until these have ended.
			const bomb = await shared.run(
				`i=0; while [ $i -lt ${2 * told.processes.count} ]; do sleep 1 & i=$((i + 1)); done; wait`,
			);
			expect(bomb).toMatch(/fork|Resource temporarily unavailable/i);
		});

		test("a second one takes the workspace from the first, which is told and takes nothing with it", async () => {
			const [one, two] = [box(), box()];
			await one.start();
			const taker = new Box(factory, root, one.workspaceId);
			await taker.start();
			await vi.waitFor(() => expect(one.ends).toHaveLength(1), { timeout: 5_000 });
			expect(await taker.run("echo mine")).toBe("mine\n");
			await two.start();
			expect(await two.run("echo beside it")).toBe("beside it\n");
			await one.stop();
			expect(await taker.run("echo still")).toBe("still\n");
			for (const each of [two, taker]) await each.stop();
			expect(await factory.running(one.folder)).toEqual([]);
		});

		test("destroyed, it leaves nothing that runs, and says so to whoever asks for it", async () => {
			const one = box();
			await one.start();
			await one.run("(setsid sleep 1000 > /dev/null 2>&1 &)");
			expect(await factory.running(one.folder)).not.toEqual([]);
			await one.stop();
			expect(await factory.running(one.folder)).toEqual([]);
			await expect(one.run("true")).rejects.toThrow("There is no such sandbox.");
			await one.stop();
		});

		test("a server that was killed is told once, with a sentence, and another can be started", async () => {
			const one = box();
			await one.start();
			await one.run(KILL_SERVER).catch(() => undefined); // it may end before it answers
			await vi.waitFor(() => expect(one.ends).toEqual([expect.stringMatching(/^The sandbox .*\.$/)]), {
				timeout: 5_000,
			});
			await one.stop();
			await one.start();
			expect(await one.run("echo again")).toBe("again\n");
			await one.stop();
			expect(await factory.running(one.folder)).toEqual([]);
		});
	});
}

const KILL_SERVER = `for each in /proc/[0-9]*; do
	case "$(tr '\\0' ' ' < $each/cmdline)" in /opt/bullpen/sandbox-agent*) kill -9 \${each#/proc/};; esac
done`;
