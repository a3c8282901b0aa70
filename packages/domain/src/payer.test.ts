import { describe, expect, test } from "vitest";
import { chosenPayer, payerWithout, type WorkspacePayer } from "./payer.ts";
import { refusal } from "./test/refusal.ts";

const SERVER: WorkspacePayer = { kind: "server" };
const bobs: WorkspacePayer = { kind: "person", userId: "bob", consentedAt: 5 };
const owner = { userId: "ada", role: "owner" } as const;
const bob = { userId: "bob", role: "prompter" } as const;
const cyn = { userId: "cyn", role: "prompter" } as const;

describe("who pays", () => {
	test("[PAY1] the owner may choose the server, themselves or nobody, whoever paid before", () => {
		for (const before of [undefined, SERVER, bobs]) {
			expect(chosenPayer(before, "server", owner, 9)).toEqual(SERVER);
			expect(chosenPayer(before, "nobody", owner, 9)).toBeUndefined();
			expect(chosenPayer(before, "me", owner, 9)).toEqual({ kind: "person", userId: "ada", consentedAt: 9 });
		}
	});

	test("[PAY2] others may offer themselves where nobody pays, and withdraw", () => {
		expect(chosenPayer(undefined, "me", bob, 9)).toEqual({ kind: "person", userId: "bob", consentedAt: 9 });
		expect(chosenPayer(bobs, "me", bob, 9)).toEqual(bobs);
		expect(chosenPayer(bobs, "nobody", bob, 9)).toBeUndefined();
	});

	test("[PAY2] others change nothing about a payer that they are not", () => {
		for (const [before, wish] of [
			[bobs, "nobody"],
			[bobs, "me"],
			[bobs, "server"],
			[SERVER, "nobody"],
			[SERVER, "me"],
			[undefined, "server"],
		] as const) {
			expect(refusal(() => chosenPayer(before, wish, cyn, 9))).toMatchObject({ code: "forbidden" });
		}
	});

	test("[PAY3] whoever was put out pays no more", () => {
		expect(payerWithout(bobs, "bob")).toBeUndefined();
		expect(payerWithout(bobs, "cyn")).toEqual(bobs);
		expect(payerWithout(SERVER, "bob")).toEqual(SERVER);
	});
});
