import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { LIMITS } from "@bullpen/domain/limits";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { Cell } from "../../../test/cell.ts";
import { sandboxContract } from "../../../test/sandbox-contract.ts";
import { readEnvironment } from "../../env.ts";
import { stemOf } from "./cgroup.ts";
import { confinedSandbox } from "./confined-sandbox.ts";
import { confinement } from "./confinement.ts";
import { type DockerOptions, docker, dockerConfinement, dockerObstacle } from "./docker.ts";
import { dockerArguments } from "./docker-arguments.ts";
import { activeLimits } from "./sandbox-limits.ts";
import { makeToolbox } from "./toolbox.ts";

const FIXTURE = fileURLToPath(new URL("../../../test/fixture/fake-docker.ts", import.meta.url));
const IMAGE = "node:22-bookworm";
const root = mkdtempSync(join(tmpdir(), "bullpen-docker-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

type Daemon = "up" | "down" | "forbidden" | "without-image" | "rootless";

/** Docker as the fixture plays it. */
class FakeDocker {
	readonly folder = mkdtempSync(join(root, "fake-"));
	readonly options: DockerOptions;

	constructor(daemon: Daemon = "up") {
		const program = join(this.folder, "docker");
		writeFileSync(program, `#!/bin/sh\nexec '${process.execPath}' '${FIXTURE}' '${this.folder}' "$@"\n`, {
			mode: 0o755,
		});
		this.is(daemon);
		this.options = { image: IMAGE, environment: { DOCKER_HOST: "unix:///fake.sock" }, answerMs: 20_000, program };
	}

	is(daemon: Daemon): void {
		writeFileSync(join(this.folder, "daemon"), daemon);
	}

	get calls(): { args: string[]; env: Record<string, string> }[] {
		const lines = readFileSync(join(this.folder, "calls"), "utf8").trimEnd().split("\n");
		return lines.map((line) => JSON.parse(line));
	}

	/** The containers of the workspace in this folder. */
	containersOf(folder: string): string[] {
		const place = join(this.folder, "containers");
		return readdirSync(place).filter((id) => readFileSync(join(place, id), "utf8").includes(`"${stemOf(folder)}"`));
	}
}

const real: DockerOptions = { image: IMAGE, environment: {}, answerMs: 10_000 };
const obstacle = await dockerObstacle(real);
const possible = await confinement(root, LIMITS);
const isNightly = process.env.NIGHTLY === "1";
const fake = new FakeDocker();

sandboxContract("docker, played by a fake that runs bubblewrap", {
	obstacle: possible.kind === "virtual" ? possible.reason : isNightly ? undefined : "it takes long, set NIGHTLY=1",
	make(wish) {
		if (possible.kind === "virtual") throw new Error(possible.reason);
		return confinedSandbox({ ...wish, toolbox: possible.toolbox, enclosure: docker(fake.options) });
	},
	// The fake bounds no memory.
	limits: (limits) => activeLimits(limits, undefined),
	running: async (folder) => fake.containersOf(folder),
});

const toolbox = obstacle === undefined ? await makeToolbox(root) : undefined;
sandboxContract("docker", {
	obstacle: obstacle && `${obstacle.reason} ${obstacle.fix}`,
	make(wish) {
		if (!toolbox) throw new Error("Docker does not answer.");
		return confinedSandbox({ ...wish, toolbox, enclosure: docker(real) });
	},
	limits: (limits) => activeLimits(limits, docker(real).bounds),
	async running(folder) {
		const args = ["ps", "--all", "--quiet", "--filter", `label=bullpen.workspace=${stemOf(folder)}`];
		return execFileSync("docker", args, { encoding: "utf8" }).split("\n").filter(Boolean);
	},
});

test.skipIf(possible.kind === "virtual")(
	"an agent works in it; while no daemon answers nothing is begun or simulated (where bubblewrap can play it)",
	async () => {
		const other = new FakeDocker("down");
		const cell = new Cell(root, {}, { confinement: dockerConfinement(other.options) });
		await expect(cell.host.start()).rejects.toThrow("Docker does not answer. Run: sudo systemctl start docker.");
		other.is("up");
		expect(await cell.run("echo from inside; pwd")).toContain("from inside\n/workspace\n");
		expect(cell.host.info).toMatchObject({
			sandboxId: expect.stringMatching(/^docker\/[0-9a-f]{8}$/),
			sandboxKind: "confined",
			facts: {
				limits: { memory: { by: "kernel" }, processor: { by: "kernel" } },
				proof: { namespaces: expect.arrayContaining(["mnt", "pid", "net", "ipc", "uts"]) },
			},
		});
		await cell.stop();
		expect(other.containersOf(cell.folder)).toEqual([]);
		other.is("down");
		await expect(cell.host.start()).rejects.toThrow(/^The sandbox did not start: Cannot connect to the Docker daemon/);
		other.is("up");
		expect(await cell.run("echo again")).toContain("again");
		await cell.close();
		expect(JSON.stringify(other.calls)).not.toMatch(/VITEST|RIVET/);
		for (const { env } of other.calls) expect(env).toMatchObject({ DOCKER_HOST: "unix:///fake.sock" });
	},
	60_000,
);

test.skipIf(possible.kind === "virtual" || !isNightly)("Docker is told no token (NIGHTLY=1)", () => {
	expect(fake.calls.filter(({ args }) => args[0] === "run").length).toBeGreaterThan(5);
	expect(JSON.stringify(fake.calls)).not.toMatch(/contract-token|contract-secret/);
});

describe("refusals", () => {
	let other: FakeDocker;
	afterEach(() => rmSync(other.folder, { recursive: true }));

	test.each([
		["down", "Docker does not answer.", "Run: sudo systemctl start docker."],
		[
			"forbidden",
			"This server's user may not talk to Docker.",
			`Run: sudo usermod -aG docker ${userInfo().username}, and start Bullpen from a new login.`,
		],
		["without-image", `The image ${IMAGE} is not here.`, `Run: docker pull ${IMAGE}.`],
		["rootless", /other users than the host's/, /^Use a daemon without rootless mode and userns-remap\./],
	] as const)("a daemon that is %s is refused with the reason and what fixes it", async (daemon, reason, fix) => {
		other = new FakeDocker(daemon);
		const found = await dockerObstacle(other.options);
		if (typeof reason === "string") expect(found).toEqual({ reason, fix: `${fix} Or unset BULLPEN_SANDBOX.` });
		else expect(found).toEqual({ reason: expect.stringMatching(reason), fix: expect.stringMatching(fix) });
	});

	test("a daemon that answers and has the image is taken; where there is no Docker at all, it says so", async () => {
		other = new FakeDocker();
		expect(await dockerObstacle(other.options)).toBeUndefined();
		expect(await dockerObstacle({ ...other.options, program: join(root, "no-docker") })).toEqual({
			reason: "Docker is not installed.",
			fix: expect.stringContaining("https://docs.docker.com/engine/install"),
		});
	});
});

describe("what Docker is asked for", () => {
	const layout = {
		...{ files: "/d/files", home: "/d/home", etc: "/d/etc", limits: LIMITS, environment: { NAME: "value" } },
		user: { kind: "dropped", uid: 1_900_000_007 } as const,
		readOnly: [{ from: '/odd,"place', to: "/opt/a" }],
	};
	const run = { stem: "bullpen-1", name: "bullpen-1-2", image: IMAGE, user: 1_900_000_007, group: 1_900_000_007 };
	const args = dockerArguments(layout, run, ["the", "command"]);
	const asked = (name: string): string[] => args.flatMap((arg, at) => (arg === name ? [args[at + 1] ?? ""] : []));

	test("no network, no capability, no new rights, a read-only system, another user, and no log of what is said", () => {
		expect(asked("--network")).toEqual(["none"]);
		expect(asked("--cap-drop")).toEqual(["ALL"]);
		expect(asked("--security-opt")).toEqual(["no-new-privileges"]);
		expect(asked("--user")).toEqual(["1900000007:1900000007"]);
		expect(asked("--log-driver")).toEqual(["none"]);
		expect(args).toEqual(expect.arrayContaining(["--interactive", "--rm", "--init", "--read-only"]));
		expect(args.join(" ")).not.toMatch(/--privileged|--cap-add|--device|docker\.sock|--pid |--ipc/);
	});

	test("memory without swap, processor, processes, files and temporary folders are bounded", () => {
		expect([asked("--memory"), asked("--memory-swap")]).toEqual(Array(2).fill([String(LIMITS.sandboxMemoryBytesMax)]));
		expect(Number(asked("--cpus")[0])).toBeGreaterThan(0);
		expect(asked("--pids-limit")).toEqual([String(LIMITS.sandboxProcessesMax)]);
		expect(asked("--ulimit")).toContain(`fsize=${LIMITS.sandboxFileBytesMax}:${LIMITS.sandboxFileBytesMax}`);
		expect(asked("--tmpfs")).toEqual([
			expect.stringMatching(/^\/tmp:.*size=\d+$/),
			expect.stringMatching(/^\/run:.*size=\d+$/),
		]);
	});

	test("the workspace's files and home are all it can write, and no path can add to what it is shown", () => {
		const mounts = asked("--mount");
		const writable = mounts.filter((mount) => !mount.endsWith(",readonly"));
		expect(writable).toEqual([
			"type=bind,source=/d/home,target=/home/agent",
			"type=bind,source=/d/files,target=/workspace",
		]);
		expect(mounts).toContain('type=bind,"source=/odd,""place",target=/opt/a,readonly');
	});

	test("the proxies that Docker's own settings name are told to nobody inside, not even to its first process", () => {
		const empty = ["HTTP_PROXY=", "https_proxy=", "all_proxy=", "NO_PROXY=", "FTP_PROXY="];
		expect(asked("--env")).toEqual(expect.arrayContaining(empty));
		expect(asked("--env").filter((variable) => !variable.endsWith("="))).toEqual([]);
		expect(args).toContain("--no-healthcheck");
	});

	test("what runs in it has an environment of its own, whatever the image brings", () => {
		const at = args.indexOf(IMAGE);
		expect(args[at - 1]).toBe("/usr/bin/env");
		expect(args[at + 1]).toBe("-i");
		expect(args.slice(at)).toEqual(expect.arrayContaining(["NAME=value", "HOME=/home/agent"]));
		expect(args.slice(-2)).toEqual(["the", "command"]);
	});
});

test("BULLPEN_SANDBOX chooses: local unless it says docker, and nothing else is taken", () => {
	const given = {
		...{ BULLPEN_DATA: "/d", BULLPEN_KEYS: "/k", BULLPEN_MODE: "test", HOME: "/home/me" },
		...{ RIVET_ENDPOINT: "http://127.0.0.1:1", RIVET_TOKEN: "t", RIVET_POOL: "workspaces" },
	};
	expect(readEnvironment(given).docker).toBeUndefined();
	const chosen = readEnvironment({ ...given, BULLPEN_SANDBOX: "docker", DOCKER_HOST: "unix:///d.sock" });
	expect(chosen.docker).toEqual({ image: IMAGE, environment: { HOME: "/home/me", DOCKER_HOST: "unix:///d.sock" } });
	expect(() => readEnvironment({ ...given, BULLPEN_SANDBOX: "podman" })).toThrow("BULLPEN_SANDBOX");
});
