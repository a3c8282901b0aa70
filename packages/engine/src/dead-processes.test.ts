import { encodeToEnvoy } from "@rivetkit/engine-envoy-protocol";
import { expect, test } from "vitest";
import { messageIn } from "./dead-processes.ts";

test("what is no message of the engine, or of another version's, is told apart from one", () => {
	const ping = encodeToEnvoy({ tag: "ToEnvoyPing", val: { ts: 7n } });
	expect(messageIn(new Uint8Array(ping).buffer)).toEqual({ tag: "ToEnvoyPing", val: { ts: 7n } });
	for (const bytes of [[], [255], [255, 255, 255, 255, 255], [...ping, 1]]) {
		expect(messageIn(new Uint8Array(bytes).buffer)).toBeUndefined();
	}
	expect(messageIn("words")).toBeUndefined();
});
