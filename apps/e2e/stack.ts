import { type PartName, readRun } from "@bullpen/engine/run-file";
import { expect } from "@playwright/test";

const BACK_MS = 30_000;

/** The running stack as the set-up started it. */
export const dataFolder = (): string => handedDown("E2E_DATA");
export const publicUrl = (): string => handedDown("E2E_URL");

function handedDown(name: string): string {
	const value = process.env[name];
	if (!value) throw new Error(`${name} is not set: tests run through playwright.config.ts`);
	return value;
}

/** kill -9 of one part, and of nothing else. Answers with the process that is no more. */
export function killPart(part: PartName, folder = dataFolder()): number {
	const record = readRun(folder)?.parts[part];
	if (record?.state !== "ready") throw new Error(`${part} is not running: ${JSON.stringify(record)}`);
	process.kill(record.pid, "SIGKILL");
	return record.pid;
}

/** The supervisor has started another in its place, and it answers. */
export async function isBack(part: PartName, killed: number, folder = dataFolder()): Promise<void> {
	const now = () => readRun(folder)?.parts[part];
	await expect
		.poll(() => (now()?.pid === killed ? "the killed one" : now()?.state), {
			timeout: BACK_MS,
			message: `${part} is back`,
		})
		.toBe("ready");
}
