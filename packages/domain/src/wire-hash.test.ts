import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { z } from "zod";
import { ConnParams, ServiceClaims, TicketClaims, TicketRequest, TicketResponse } from "./identity.ts";
import { ProblemCode } from "./problem.ts";
import { RelayedFrame, RelayedOp } from "./relay.ts";
import { WIRE } from "./wire.ts";

const hashOf = (schema: z.ZodType, io: "input" | "output"): string =>
	createHash("sha256")
		.update(JSON.stringify(z.toJSONSchema(schema, { io })))
		.digest("hex")
		.slice(0, 16);

function wireLines(): string[] {
	const identity = {
		ConnParams,
		ServiceClaims,
		TicketClaims,
		TicketRequest,
		TicketResponse,
		ProblemCode,
		RelayedFrame,
		RelayedOp,
	};
	const lines = Object.entries(identity).map(([name, schema]) => `${name} ${hashOf(schema, "output")}`);
	for (const [actor, { actions, events }] of Object.entries(WIRE)) {
		for (const [name, { input, output }] of Object.entries(actions)) {
			lines.push(`${actor}.${name}() ${hashOf(input, "input")} ${hashOf(output, "output")}`);
		}
		for (const [name, payload] of Object.entries(events)) lines.push(`${actor} ${name} ${hashOf(payload, "output")}`);
	}
	return lines.sort();
}

// Failing? You changed what crosses the wire. See "When the wire changes" in ../SPEC.md, then: vitest run wire-hash -u
test("[WIRE1] nothing on the wire changes unnoticed", async () => {
	await expect(`${wireLines().join("\n")}\n`).toMatchFileSnapshot("../wire.lock");
});
