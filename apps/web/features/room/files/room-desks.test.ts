import { ConnectionLost } from "@bullpen/client/refusal";
import { Problem } from "@bullpen/domain/problem";
import { expect, test } from "vitest";
import { refusalOf } from "./room-desks.ts";

test("what no other try can change is not offered to be tried again", () => {
	expect(refusalOf(new Problem("frame_too_large", ""))).toEqual({ reason: "Larger than 25 MB", isFinal: true });
	expect(refusalOf(new Problem("text_empty", "")).isFinal).toBe(true);
	expect(refusalOf(new Problem("not_member", ""))).toEqual({
		reason: "You are not in this room any more",
		isFinal: true,
	});
});

test("what passes is", () => {
	for (const error of [new ConnectionLost("cut"), new Problem("busy", ""), new Problem("queue_full", "")])
		expect(refusalOf(error).isFinal).toBe(false);
	expect(refusalOf(new Problem("rate_limited", "", { waitMs: 4_000 })).reason).toContain("4 s");
});
