import { execFile } from "node:child_process";
import { once } from "node:events";
import {
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	readlinkSync,
	rmSync,
	statSync,
	writeFileSync,
} from "node:fs";
import { createServer, type Server } from "node:net";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { LIMITS } from "@bullpen/domain/limits";
import { Namespace } from "@bullpen/domain/sandbox";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { confinement } from "../src/workspace/agent/confinement.ts";
import { diskUsage } from "../src/workspace/agent/disk-usage.ts";
import { uidOf } from "../src/workspace/agent/uids.ts";
import { Cell } from "./cell.ts";

const MIB = 1024 * 1024;
const root = mkdtempSync(join(tmpdir(), "bullpen-escape-"));
const possible = await confinement(root, LIMITS);
const isRoot = process.getuid?.() === 0;
const linkOf = (name: string): RegExp => new RegExp(`^${name}:\\[\\d+\\]$`, "m");
const ofHost = (name: string): string => readlinkSync(`/proc/self/ns/${name}`);
const hasGit = possible.kind === "confined" && existsSync("/usr/bin/git");

const cells: Cell[] = [];
const cell = (
	limits: ConstructorParameters<typeof Cell>[1] = {},
	options: ConstructorParameters<typeof Cell>[2] = {},
) => {
	const made = new Cell(root, limits, options);
	cells.push(made);
	return made;
};
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe.skipIf(possible.kind === "virtual")("from the confined sandbox (where this machine can confine)", () => {
	describe("nothing is seen, reached or changed outside", () => {
		let shared: Cell;
		beforeAll(() => {
			vi.stubEnv("OPENAI_API_KEY", "sk-real-key-of-the-server");
			vi.stubEnv("RIVET_TOKEN", "engine-token-of-the-server");
			shared = cell();
		});
		afterAll(async () => {
			vi.unstubAllEnvs();
			await shared.close();
		});

		test("its own files can be had: what is refused below is refused for its place", async () => {
			const said = await shared.run("echo mine > own.txt; cat own.txt /workspace/own.txt; id -un; ls /workspace");
			expect(said.match(/mine/g)).toHaveLength(2);
			expect(said).toContain("own.txt");
		});

		test("files of the host and of other workspaces", async () => {
			const other = cell();
			await other.run("echo other-secret > secret.txt; cat secret.txt");
			const secret = join(other.folder, "files", "secret.txt");
			expect(readFileSync(secret, "utf8")).toBe("other-secret\n");
			const said = await shared.run(
				`for f in ${secret} ${root}/sandbox/place /etc/shadow /etc/hostname /root /home /var/log /sys /boot; do
					for at in "" /proc/1/root /proc/self/root /proc/1/cwd/..; do cat $at$f 2>/dev/null && echo LEAK $at$f; done
					ls $f 2>/dev/null | grep -v '^agent$' && echo LEAK $f
				done; echo done`,
			);
			expect(said).not.toContain("other-secret");
			expect(said.trim()).toBe("done");
			await other.close();
		});

		test("secrets in an environment, the server's or its own", async () => {
			const said = await shared.run("cat /proc/*/environ /proc/*/cmdline 2>/dev/null | tr '\\0' '\\n' | sort -u");
			expect(said).toMatch(/^HOME=\/home\/agent$/m);
			expect(said).not.toMatch(/sk-real-key|engine-token|RIVET|OPENAI|VITEST|BULLPEN|npm_/);
		});

		test("services on the host's loopback, by address, by socket file and by abstract socket", async () => {
			const services: Server[] = [];
			const listen = async (at: object): Promise<Server> => {
				const server = createServer((socket) => socket.on("error", () => undefined).end("host-service"));
				services.push(server);
				await once(server.listen(at), "listening");
				return server;
			};
			const tcp = (await listen({ port: 0, host: "127.0.0.1" })).address() as { port: number };
			const six = (await listen({ port: 0, host: "::" })).address() as { port: number };
			await listen({ path: join(root, "host.sock") });
			await listen({ path: "\0bullpen-escape-test" });
			const addresses = Object.values(networkInterfaces())
				.flatMap((each) => each ?? [])
				.filter(({ internal }) => !internal)
				.map(({ address }) => address);
			const places = [
				{ port: tcp.port, host: "127.0.0.1" },
				{ port: six.port, host: "::1" },
				{ path: join(root, "host.sock") },
				{ path: "\0bullpen-escape-test" },
				...[...addresses, "0.0.0.0", "169.254.169.254", "10.0.0.1", "192.168.0.1", "1.1.1.1"].map((host) => ({
					port: six.port,
					host,
				})),
			];
			const script = `
				const net = require("node:net");
				const places = ${JSON.stringify(places)};
				Promise.all(places.map((place) => new Promise((resolve) => {
					const socket = net.connect(place);
					const end = (word) => { socket.destroy(); resolve(word); };
					socket.on("data", (text) => end("LEAK " + text)).on("error", (error) => end(error.code)).setTimeout(3000, () => end("silent"));
				}))).then((all) => console.log(JSON.stringify(all)));`;
			const here = script.replace(JSON.stringify(places), JSON.stringify(places.slice(0, 4)));
			const { stdout } = await promisify(execFile)(process.execPath, ["-e", here], { encoding: "utf8" });
			const control: string[] = JSON.parse(stdout);
			expect(control).toEqual(Array(4).fill("LEAK host-service"));
			const said: string[] = JSON.parse(await shared.script("reach.cjs", script));
			expect(said).toHaveLength(places.length);
			for (const [at, word] of said.entries())
				expect([places[at], word]).toEqual([places[at], expect.stringMatching(/^E[A-Z]+$/)]);
			for (const service of services) service.close();
		});

		test("processes of the host: to see, to end, to trace", async () => {
			const said = await shared.run(
				`kill -9 ${process.pid} 2>&1; kill -0 ${process.ppid} 2>&1; ls /proc/${process.pid}/mem 2>&1; cat /proc/${process.pid}/maps 2>&1 | head -1; echo done`,
			);
			expect(said).toContain("done");
			expect(said.match(/No such (?:process|file)/g)?.length).toBeGreaterThanOrEqual(3);
		});

		test("everything it was given read-only, and what the kernel is told by files", async () => {
			const said = await shared.run(
				`for f in /x /usr/x /etc/passwd /etc/x /opt/bullpen/bridge.ts /opt/demo-agent/src/main.ts /opt/share/sandbox-agent/bin/agent_processes/x /opt/node/bin/node /dev/x /run/x \
					/proc/sys/kernel/core_pattern /proc/sys/kernel/modprobe /proc/sysrq-trigger /proc/1/oom_score_adj; do
					(echo x >> $f) 2>/dev/null && echo WROTE $f
					mv $f $f.moved 2>/dev/null && echo MOVED $f
				done; echo done`,
			);
			// As another user than the server's, /run may be its own: it is in memory, and sized.
			expect(
				said
					.replace(isRoot ? "" : /^(?:WROTE|MOVED) \/run\/x\n/gm, "")
					.replace("WROTE /proc/1/oom_score_adj\n", "")
					.trim(),
			).toBe("done");
		});

		test("the sockets and folders it lives in cannot be replaced", async () => {
			const said = await shared.run(
				"find / -xdev -type s 2>/dev/null; mv /workspace /gone 2>&1; rmdir /workspace 2>&1; ln -sfn / /workspace/../workspace 2>&1; rm -rf /home/agent 2>&1 | tail -1; umount /workspace 2>&1; ls -d /workspace /home/agent",
			);
			expect(said).not.toMatch(/\.sock/);
			expect(said).toMatch(/^\/workspace$/m);
			expect(said).toMatch(/^\/home\/agent$/m);
			expect(readdirSync(shared.folder)).toEqual(expect.arrayContaining(["files", "home"]));
		});

		test("rights: by setuid programs, capabilities, and device nodes", async () => {
			const said = await shared.run(
				`id -u; cp /usr/bin/id ./as; chmod 6755 ./as; ./as -u; su -c 'id -u' </dev/null 2>&1 | tail -1
				mount -t tmpfs none /tmp 2>&1 | tail -1; mknod disk b 8 0 2>&1; mknod memory c 1 1 2>&1; chroot / true 2>&1
				grep -E '^(Cap(Prm|Eff|Bnd)|NoNewPrivs)' /proc/self/status; ls /dev; grep -c nosuid /proc/mounts`,
			);
			const uid = /^(\d+)$/m.exec(said)?.[1];
			expect(Number(uid)).toBeGreaterThan(0);
			expect(said.match(/^0$/m)).toBeNull();
			expect(said.match(/Operation not permitted/g)?.length).toBeGreaterThanOrEqual(3);
			expect(said).toMatch(/CapPrm:\s*0+\nCapEff:\s*0+\n/);
			expect(said).toMatch(/NoNewPrivs:\s*1/);
			expect(said).not.toMatch(/^(?:sd|vd|nvme|mem$|kmsg|kvm|fuse|mapper)/m);
		});

		test("a user namespace of its own gives nothing of the host", async () => {
			const said = await shared.run(
				`unshare -Urm sh -c '
					id -u
					mount -o remount,rw,bind /usr 2>/dev/null && (echo x > /usr/escaped) 2>/dev/null && echo WROTE usr
					mount -o remount,rw / 2>/dev/null && (echo x > /escaped) 2>/dev/null && echo WROTE root
					mount -t cgroup -o memory none /tmp 2>/dev/null && echo MOUNTED cgroup
					mount -t ext4 /dev/vda /tmp 2>/dev/null && echo MOUNTED disk
					mknod d b 8 0 2>/dev/null && echo MADE node
					(echo "|/workspace/x" > /proc/sys/kernel/core_pattern) 2>/dev/null && echo WROTE core_pattern
					ls ${root} /root/.bashrc 2>/dev/null && echo SAW host
					cat /etc/shadow 2>/dev/null && echo READ shadow
					true' 2>&1; echo done`,
			);
			expect(said).toMatch(/^(?:0|unshare: .*)$/m);
			expect(said).not.toMatch(/WROTE|MOUNTED|MADE|SAW|READ/);
			expect(said).toContain("done");
		});
	});

	describe("what it leaves behind does nothing to the host", () => {
		afterEach(async () => {
			for (const each of cells) await each.close();
		});

		test("links in place of its folders, before it is started again", async () => {
			const trap = join(root, "trap");
			mkdirSync(trap);
			writeFileSync(join(trap, "host.txt"), "host-only");
			const before = statSync(trap).mtimeMs;
			const one = cell();
			await one.run(
				`cd /home/agent; for each in .config .local .cache .sandbox-agent .npm; do rm -rf $each; ln -s ${trap} $each; done; ln -s ${trap} /workspace/far`,
			);
			await one.stop();
			const said = await one.run("cat ~/.config/host.txt far/host.txt 2>&1; ls -l far");
			// Also the folder in which the agent keeps its own sessions: it harms itself alone.
			await one
				.run(`sleep 1 && cd /home/agent && rm -rf .bullpen-demo-agent && ln -s ${trap} .bullpen-demo-agent`)
				.catch(() => undefined);
			await one.stop();
			await one.run("true").catch(() => undefined);
			expect(said).not.toContain("host-only");
			expect(said).toMatch(/No such file/);
			expect(readdirSync(trap)).toEqual(["host.txt"]);
			expect(statSync(trap).mtimeMs).toBe(before);
			expect(statSync(join(one.folder, "files")).isDirectory()).toBe(true);
		});

		test.skipIf(!hasGit)(
			"hooks and filters of git run where they were planted, and never on the host (needs git)",
			async () => {
				const marker = join(root, "planted");
				const one = cell();
				const said = await one.run(
					`git init -q . && printf '#!/bin/sh\\necho ran >> /workspace/ran; echo ran >> ${marker}\\n' > .git/hook && chmod +x .git/hook
				for n in post-checkout pre-commit post-commit post-index-change; do cp .git/hook .git/hooks/$n; done
				git config core.fsmonitor /workspace/.git/hook; git config filter.x.clean /workspace/.git/hook; git config filter.x.smudge /workspace/.git/hook
				git config diff.external /workspace/.git/hook; git config core.sshCommand /workspace/.git/hook; echo '* filter=x' > .gitattributes; echo a > a.txt; git add a.txt 2>&1; git status 2>&1; cat ran`,
				);
				expect(said).toMatch(/^ran$/m); // they work, where they may
				await one.stop();
				await one.run("ls");
				expect(existsSync(marker)).toBe(false);
				const user = isRoot
					? ({ kind: "dropped", uid: await uidOf(root, one.id) } as const)
					: ({ kind: "mapped" } as const);
				await diskUsage([join(one.folder, "files")], user, 10_000);
				expect(existsSync(marker)).toBe(false);
			},
		);
	});

	describe("what it takes is bounded, and nobody else notices", () => {
		afterEach(async () => {
			for (const each of cells) await each.close();
		});

		test("what bounds it is told, and the kernel says the same", async () => {
			const one = cell();
			const said = await one.run(
				"cat /proc/self/limits; nice; df -B1 --output=size /tmp | tail -1; readlink /proc/self/ns/*",
			);
			const { limits, proof } = one.host.info.facts ?? {};
			expect(limits).toMatchObject({
				memory: { bytes: LIMITS.sandboxMemoryBytesMax },
				processes: { count: LIMITS.sandboxProcessesMax, by: "kernel" },
				disk: { bytes: LIMITS.sandboxDiskBytesMax, by: "watch" },
			});
			expect(said).toMatch(new RegExp(`Max processes\\s+${limits?.processes.count} `));
			expect(said).toMatch(new RegExp(`Max file size\\s+${limits?.file.bytes} `));
			expect(said).toMatch(new RegExp(`Max open files\\s+${limits?.openFiles.count} `));
			expect(said).toMatch(new RegExp(`^\\s*${limits?.temporary.bytes}\\s*$`, "m"));
			expect(Number(/^(\d+)$/m.exec(said)?.[1])).toBeGreaterThanOrEqual(5);
			const isKernel = possible.kind === "confined" && possible.cgroups?.controllers.has("memory") === true;
			expect(limits?.memory.by).toBe(isKernel ? "kernel" : "watch");
			const apart = Namespace.options.filter((name) => said.match(linkOf(name))?.[0] !== ofHost(name));
			expect(proof?.namespaces).toEqual(apart);
			expect(apart).toEqual(expect.arrayContaining(["mnt", "pid", "net", "ipc", "uts"]));
			expect(proof?.user).toBe(isRoot ? "own" : "shared");
		});

		test.each([
			["", "in its own namespace"],
			["unshare -Ur ", "in a user namespace below it"],
		])("a fork bomb (%s%s) is refused more processes, and another workspace works on", async (prefix) => {
			const one = cell({ sandboxProcessesMax: 60 });
			const other = cell();
			await other.run("true");
			const bomb = one.run(
				`${prefix}sh -c 'for i in $(seq 1 200); do sleep 600 & done; wait' 2>&1 | sort | uniq -c | sort -rn | head -3`,
			);
			expect(await other.run("echo unharmed")).toContain("unharmed");
			await expect.poll(() => one.processes().length, { timeout: 20_000 }).toBeGreaterThan(30);
			// Whoever was refused has given up: what runs now is what it got.
			await expect.poll(() => one.processes("seq").length, { timeout: 20_000 }).toBe(0);
			expect(one.processes().length).toBeLessThanOrEqual(70);
			for (const pid of one.processes("sleep")) process.kill(pid);
			expect(await bomb).toMatch(/fork|Resource temporarily unavailable/i);
			expect(await one.run("echo again")).toContain("again");
		});

		test("a program that takes too much memory is ended, and its workspace goes on", async () => {
			const one = cell({ sandboxMemoryBytesMax: 500 * MIB, sandboxWatchEveryMs: 100 });
			const said = await one.script(
				"hungry.cjs",
				`const kept = []; setInterval(() => { kept.push(Buffer.alloc(${20 * MIB}, 1)); if (kept.length > 100) { console.log("ATE ALL"); process.exit(); } }, 20);`,
			);
			expect(said).not.toContain("ATE ALL");
			expect(await one.run("echo again")).toContain("again");
		});

		test("many programs that together take too much memory end with their sandbox, and a sentence", async () => {
			const one = cell({ sandboxMemoryBytesMax: 400 * MIB, sandboxWatchEveryMs: 100 });
			const hungry = `const kept = []; const more = () => { for (let n = 0; n < 6; n++) kept.push(Buffer.alloc(${20 * MIB}, 1)); }; more(); setTimeout(() => {}, 20000);`;
			await one.host.start();
			writeFileSync(join(one.folder, "files", "hungry.cjs"), hungry);
			await expect(one.run("for i in $(seq 1 12); do node hungry.cjs & done; wait")).rejects.toThrow(
				/more than 400 MiB of memory and was ended|ended unexpectedly/,
			);
			await expect.poll(() => one.processes(), { timeout: 2_000 }).toEqual([]);
			expect(await one.run("echo again")).toContain("again");
		});

		test("a disk that fills up ends the sandbox with a sentence; what is full can be cleaned up", async () => {
			const one = cell({ sandboxDiskBytesMax: 50 * MIB, sandboxWatchEveryMs: 100, sandboxDiskEveryMs: 200 });
			await expect(
				one.run(
					"chmod 700 .; mkdir -m 700 deep; cd deep; for i in $(seq 1 100); do head -c 5M /dev/zero > f$i; chmod 000 f$i; sleep 0.1; done; chmod 000 .; sleep 20",
				),
			).rejects.toThrow("The workspace took more than 50 MiB of disk, and its sandbox was ended.");
			expect(await one.run("chmod -R 700 deep; rm -rf deep; du -sm . | cut -f1")).toMatch(/^0|^1$/m);
		});

		test("files that were deleted and are still open count too", async () => {
			const one = cell({ sandboxDiskBytesMax: 50 * MIB, sandboxWatchEveryMs: 100, sandboxDiskEveryMs: 200 });
			await expect(
				one.run("exec 3>held; rm held; for i in $(seq 1 100); do head -c 5M /dev/zero >&3; sleep 0.1; done; sleep 20"),
			).rejects.toThrow("The workspace took more than 50 MiB of disk");
		});

		test("a file gets no larger than a file may, sparse or not, and temporary files no larger than theirs", async () => {
			const one = cell({ sandboxFileBytesMax: 10 * MIB, sandboxTemporaryBytesMax: 16 * MIB });
			const said = await one.run(
				"trap '' XFSZ; head -c 20M /dev/zero > big 2>&1; stat -c %s big; truncate -s 1T sparse 2>&1; for i in 1 2 3 4; do head -c 8M /dev/zero 2>&1 > /tmp/$i; done; du -sm /tmp | cut -f1",
			);

			expect(Number(/^(\d{6,})$/m.exec(said)?.[1])).toBeLessThanOrEqual(10 * MIB);
			expect(said).toMatch(/File too large|File size limit/);
			expect(said).toMatch(/No space left/);
			expect(statSync(join(one.folder, "files", "big")).size).toBeLessThanOrEqual(10 * MIB);
		});

		test("whoever kills all processes kills its own", async () => {
			const one = cell();
			const other = cell();
			await other.run("true");
			await one.run("kill -9 -1").catch(() => undefined);
			expect(await other.run("echo unharmed")).toContain("unharmed");
			expect(await one.run("echo again")).toContain("again");
		});
	});

	describe("the way out by name", () => {
		afterEach(async () => {
			for (const each of cells) await each.close();
		});

		test("there is none unless the workspace has one", async () => {
			const one = cell();
			const said = await one.run("env | grep -i proxy; ls /opt; (exec 3<>/dev/tcp/127.0.0.1/2470) 2>&1");
			expect(said).not.toMatch(/proxy=|egress/i);
		});

		test("a named host is reached, others and private addresses are not, and the socket stays", async () => {
			const far = createServer((socket) => socket.on("error", () => undefined).end("from the far host"));
			await once(far.listen(0, "127.0.0.1"), "listening");
			const { port } = far.address() as { port: number };
			const used: object[] = [];
			const { connect } = await import("node:net");
			const one = cell(
				{},
				{
					egress: {
						rules: () => ["registry.test", "inside.test"].map((host) => ({ host, ports: [443] })),
						resolve: async (host) => [host === "inside.test" ? "169.254.169.254" : "93.184.215.14"],
						dial: () => connect({ port, host: "127.0.0.1" }),
						onUsed: (usage) => used.push(usage),
					},
				},
			);
			const said = await one.script(
				"out.cjs",
				`const http = require("node:http");
				const proxy = new URL(process.env.HTTPS_PROXY);
				const ask = (path) => new Promise((resolve) => {
					const request = http.request({ host: proxy.hostname, port: proxy.port, method: "CONNECT", path });
					request.on("connect", (answer, socket, head) => {
						if (answer.statusCode !== 200) { socket.destroy(); return resolve(path + " " + answer.statusCode); }
						let said = String(head);
						socket.on("data", (text) => { said += text; }).on("end", () => resolve(path + " " + said));
					}).on("error", (error) => resolve(path + " " + error.code)).end();
				});
				Promise.all(["registry.test:443", "inside.test:443", "registry.test:22", "127.0.0.1:${port}", "169.254.169.254:80", "other.test:443"].map(ask))
					.then((all) => console.log(all.join("\\n")));`,
			);
			expect(said.trim().split("\n")).toEqual([
				"registry.test:443 from the far host",
				"inside.test:443 403",
				"registry.test:22 403",
				`127.0.0.1:${port} 403`,
				"169.254.169.254:80 403",
				"other.test:443 403",
			]);
			const replaced = await one.run(
				"rm -f /opt/egress/egress.sock 2>&1; mv /opt/egress/egress.sock /tmp/ 2>&1; ls -l /opt/egress/egress.sock",
			);
			expect(replaced).toMatch(/^s.* \/opt\/egress\/egress\.sock$/m);
			await one.stop();
			expect(used).toEqual([expect.objectContaining({ connections: 1, refused: 5, hosts: { "registry.test": 1 } })]);
			far.close();
		});
	});
});
