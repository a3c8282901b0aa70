import { setTimeout as sleep } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { startTestEngine } from "@bullpen/engine/test";
import { actor, setup } from "rivetkit";
import { createClient } from "rivetkit/client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { keepNoDelay } from "./no-delay.ts";

describe.runIf(process.platform === "linux")("keepNoDelay", () => {
	let engine: Awaited<ReturnType<typeof startTestEngine>>;
	let registry: ReturnType<typeof startRegistry>;
	const startRegistry = () =>
		setup({
			use: { echo: actor({ state: {}, actions: { ping: (): "pong" => "pong" } }) },
			endpoint: engine.endpoint,
			token: engine.token,
			startServices: false,
			noWelcome: true,
			shutdown: { gracePeriodMs: 1_000 }, // after an engine restart it would wait for ever
		});

	beforeAll(async () => {
		engine = await startTestEngine();
		registry = startRegistry();
		await registry.startAndWait();
	});
	afterAll(async () => {
		await registry.shutdown();
		await engine.stop();
	});

	async function loneRoundTripMs(key = "one"): Promise<number> {
		const client = createClient<typeof registry>({
			endpoint: engine.endpoint,
			encoding: "json",
			disableMetadataLookup: true,
		});
		const connection = client.echo.getOrCreate([key]).connect();
		await connection.ping();
		const times: number[] = [];
		for (let i = 0; i < 15; i++) {
			const start = performance.now();
			await connection.ping();
			times.push(performance.now() - start);
			await sleep(15); // lone: the next call must not carry the acknowledgement of the last
		}
		await connection.dispose();
		await client.dispose();
		return times.sort((a, b) => a - b)[7]!;
	}

	test("a lone call no longer waits for a delayed acknowledgement, and the connection is left whole", async () => {
		const before = await loneRoundTripMs();
		const stop = keepNoDelay(engine.ports.guard);
		const after = await loneRoundTripMs();
		expect(before).toBeGreaterThan(35);
		expect(after).toBeLessThan(before / 3);

		setFlagsFromString("--expose-gc");
		runInNewContext("gc")(); // a collected handle would close the runner's descriptor
		expect(await loneRoundTripMs()).toBeLessThan(before / 3);
		stop();
	});

	test("the connection made after the engine came back is found, too", async () => {
		const stop = keepNoDelay(engine.ports.guard);
		await engine.restart();
		await expect.poll(() => loneRoundTripMs("two").catch(() => 1_000), { timeout: 20_000 }).toBeLessThan(15);
		stop();
	}, 30_000);
});
