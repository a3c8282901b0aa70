import { expect, test } from "vitest";
import { readEnvironment } from "./env.ts";

const GIVEN = {
	BULLPEN_DATA: "/data",
	BULLPEN_KEYS: "/data/keys",
	BULLPEN_MODE: "production",
	RIVET_ENDPOINT: "http://127.0.0.1:1",
	RIVET_TOKEN: "token",
	RIVET_POOL: "rooms",
};

test("[PUSH1] push services on this machine are for tests alone, however they are asked for", () => {
	expect(readEnvironment(GIVEN).isPushLoopbackAllowed).toBe(false);
	for (const mode of ["production", "development"]) {
		const variables = { ...GIVEN, BULLPEN_MODE: mode, BULLPEN_TEST_PUSH_SERVICES: "1" };
		expect(() => readEnvironment(variables)).toThrow(/BULLPEN_TEST_PUSH_SERVICES is for tests alone/);
	}
	const inTests = { ...GIVEN, BULLPEN_MODE: "test", BULLPEN_TEST_PUSH_SERVICES: "1" };
	expect(readEnvironment(inTests).isPushLoopbackAllowed).toBe(true);
});
