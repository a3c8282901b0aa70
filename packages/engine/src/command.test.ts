import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { freePorts } from "./port.ts";

/** Runs `start` until it ends by itself. */
async function refusalOf(env: Record<string, string>) {
	const child = spawn(
		process.execPath,
		["--disable-warning=ExperimentalWarning", join(import.meta.dirname, "start.ts")],
		{
			env: { PATH: process.env.PATH ?? "", ...env },
		},
	);
	let output = "";
	child.stdout.on("data", (bytes) => {
		output += bytes;
	});
	child.stderr.on("data", (bytes) => {
		output += bytes;
	});
	const [code] = await once(child, "close");
	return { code, output };
}

describe("start", () => {
	test("refuses name sign-in in production, in one sentence", async () => {
		expect(await refusalOf({ BULLPEN_NAME_SIGN_IN: "1" })).toEqual({
			code: 1,
			output: "Signing in by a name alone is for development: unset BULLPEN_NAME_SIGN_IN.\n",
		});
	});

	test("refuses a port that somebody uses, in one sentence", async () => {
		const [port = 0] = await freePorts(1);
		const other = createServer().listen(port, "127.0.0.1");
		await once(other, "listening");
		expect(await refusalOf({ PORT: String(port) })).toEqual({
			code: 1,
			output: `Port ${port} is taken: stop what uses it, or set PORT.\n`,
		});
		other.close();
	});
});
