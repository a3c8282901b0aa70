import { afterAll, beforeAll, describe } from "vitest";
import { callCases } from "./calls.ts";
import { connectionCases } from "./connections.ts";
import { eventCases } from "./events.ts";
import { frameCases } from "./frames.ts";
import { type Stage, startStage, WAYS, Way } from "./stage.ts";

/** RivetKit's log says on the console what these tests provoke on purpose. */
process.env.RIVET_LOG_LEVEL ??= "silent";

let stage: Stage;
beforeAll(async () => {
	stage = await startStage();
}, 60_000);
afterAll(() => stage?.stop());

/** One list for every way: what a stock client of rivetkit 2.3.19 sees of an actor is the same on each of them. */
describe.each(WAYS)("%s", (name) => {
	const way = (): Way => new Way(name, stage);
	describe("calls", () => callCases(way, () => stage));
	describe("events", () => eventCases(way));
	describe("connections", () => connectionCases(way, () => stage));
	describe("frames", () => frameCases(way, () => stage));
});
