import { execFile } from "node:child_process";
import { userInfo } from "node:os";
import type { Limits } from "@bullpen/domain/limits";
import { z } from "zod";
import { SYSTEM_PATH } from "./bubblewrap.ts";
import { type Confinement, confinement } from "./confinement.ts";
import { dockerArguments, LABEL } from "./docker-arguments.ts";
import type { Enclosure } from "./enclosure.ts";
import { selfTest } from "./self-test.ts";
import { stdioEntrance } from "./stdio-entrance.ts";

export interface DockerOptions {
	/** A Linux with glibc, `env`, `nice`, `find` and git; it is never fetched while somebody waits. */
	readonly image: string;
	/** How Docker's own program finds its daemon: `HOME` and `DOCKER_HOST`. */
	readonly environment: Readonly<Record<string, string>>;
	/** How long the daemon may take to answer. */
	readonly answerMs: number;
	readonly program?: string;
}

/** Docker as what keeps a sandbox apart. Its daemon bounds memory, processor and processes by the kernel. */
export function docker({ image, environment, answerMs, program = "docker" }: DockerOptions): Enclosure {
	const ask = (args: readonly string[]) => answerOf(program, args, { environment, answerMs });
	const idOf: Enclosure["idInside"] = (user) => (user.kind === "dropped" ? user.uid : (process.getuid?.() ?? 1000));
	return {
		name: "docker",
		bounds: { controllers: new Set(["memory", "pids", "cpu"]) },
		environment,
		hidden: [],
		idInside: idOf,
		enclose(layout, command, run) {
			const user = idOf(layout.user);
			const group = layout.user.kind === "dropped" ? user : (process.getgid?.() ?? user);
			return [program, ...dockerArguments(layout, { ...run, image, user, group }, command)];
		},
		enter: stdioEntrance,
		async clear(stem) {
			const found = await ask(["ps", "--all", "--quiet", "--filter", `label=${LABEL}=${stem}`]);
			const ids = found.output.split("\n").filter((id) => /^[0-9a-f]+$/.test(id));
			if (ids.length > 0) await ask(["rm", "--force", ...ids]);
		},
		end: async (name) => void (await ask(["rm", "--force", name])),
	};
}

/**
 * Confines agents with Docker, where its daemon answers and a probe in a container sees nothing it should not. Everything else
 * (files that are brought in, measured or erased) stays with bubblewrap, which is asked for first.
 */
export function dockerConfinement(options: DockerOptions, before = confinement): typeof confinement {
	let known: { readonly dataDir: string; readonly proven: Promise<Confinement> } | undefined;
	return (dataDir, limits) => {
		if (known?.dataDir === dataDir) return known.proven;
		const mine = { dataDir, proven: prove(options, before, dataDir, limits) };
		known = mine;
		const forget = () => {
			if (known === mine) known = undefined;
		};
		mine.proven.then(({ kind }) => kind === "virtual" && forget(), forget);
		return mine.proven;
	};
}

async function prove(
	options: DockerOptions,
	before: typeof confinement,
	dataDir: string,
	limits: Limits,
): Promise<Confinement> {
	const possible = await before(dataDir, limits);
	if (possible.kind === "virtual") return possible;
	const obstacle = await dockerObstacle(options);
	if (obstacle) return { kind: "virtual", ...obstacle };
	const enclosure = docker(options);
	const tested = await selfTest(dataDir, possible.toolbox, limits, enclosure);
	if ("proof" in tested) return { ...possible, cgroups: undefined, proof: tested.proof, enclosure };
	const reason =
		"leak" in tested
			? `Docker's container is not tight here: ${tested.leak}.`
			: `A test container did not start (${tested.complaint || "no output"}).`;
	return {
		kind: "virtual",
		reason,
		fix: `Try it by hand: docker run --rm --network none ${options.image} true. ${ELSE}`,
	};
}

export interface Obstacle {
	readonly reason: string;
	readonly fix: string;
}

const Info = z.object({
	OSType: z.string(),
	SecurityOptions: z.array(z.string()).nullish(),
	MemoryLimit: z.boolean(),
	PidsLimit: z.boolean(),
	CpuCfsQuota: z.boolean(),
});
const ELSE = "Or unset BULLPEN_SANDBOX.";

/** Why no container can be had here, and what to do about it. Undefined where one can. */
export async function dockerObstacle(options: DockerOptions): Promise<Obstacle | undefined> {
	const { program = "docker", image } = options;
	const told = await answerOf(program, ["info", "--format", "{{json .}}"], options);
	if (told.isMissing) {
		return { reason: "Docker is not installed.", fix: `Install it (https://docs.docker.com/engine/install). ${ELSE}` };
	}
	const info = Info.safeParse(parsedJson(told.output));
	if (/permission denied/i.test(told.complaint)) {
		const fix = `Run: sudo usermod -aG docker ${userInfo().username}, and start Bullpen from a new login. ${ELSE}`;
		return { reason: "This server's user may not talk to Docker.", fix };
	}
	if (!told.isDone || !info.success) {
		return { reason: "Docker does not answer.", fix: `Run: sudo systemctl start docker. ${ELSE}` };
	}
	const { OSType, SecurityOptions, MemoryLimit, PidsLimit, CpuCfsQuota } = info.data;
	if (OSType !== "linux") return { reason: `Docker's containers are ${OSType} here.`, fix: `Use Linux. ${ELSE}` };
	if (SecurityOptions?.some((option) => /name=(?:rootless|userns)/.test(option))) {
		const reason = "Docker gives containers other users than the host's, so they could not own a workspace's files.";
		return { reason, fix: `Use a daemon without rootless mode and userns-remap. ${ELSE}` };
	}
	if (!MemoryLimit || !PidsLimit || !CpuCfsQuota) {
		const fix = `Enable the kernel's memory, pids and cpu control groups. ${ELSE}`;
		return { reason: "Docker cannot bound memory, processes and processor here.", fix };
	}
	const found = await answerOf(program, ["image", "inspect", "--format", "{{.Id}}", image], options);
	return found.isDone
		? undefined
		: { reason: `The image ${image} is not here.`, fix: `Run: docker pull ${image}. ${ELSE}` };
}

interface Answer {
	/** It ended well, in time. */
	readonly isDone: boolean;
	readonly isMissing: boolean;
	readonly output: string;
	readonly complaint: string;
}

/** What Docker's program says. Never fails: that it could not be asked is an answer. */
function answerOf(
	program: string,
	args: readonly string[],
	{ environment, answerMs }: Pick<DockerOptions, "environment" | "answerMs">,
): Promise<Answer> {
	const options = { env: { PATH: SYSTEM_PATH, ...environment }, timeout: answerMs, killSignal: "SIGKILL" } as const;
	return new Promise((resolve) => {
		execFile(program, [...args], options, (error, output, complaint) => {
			resolve({ isDone: !error, isMissing: error?.code === "ENOENT", output, complaint });
		});
	});
}

function parsedJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined; // its complaint says why
	}
}
