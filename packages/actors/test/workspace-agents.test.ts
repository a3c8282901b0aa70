import { afterAll, beforeAll, expect, test } from "vitest";
import { NO_RATES } from "./limits.ts";
import { ended, eventually, refusal, WorkspaceTown } from "./workspace-town.ts";

let town: WorkspaceTown;
beforeAll(async () => {
	town = await WorkspaceTown.open({ ...NO_RATES, workspaceIdleMs: 300 });
});
afterAll(() => town?.close());

test("[PAY2] somebody who consented pays, may stop to, and everybody sees who", async () => {
	const [, ada, bob, cyn] = await town.found("ada", "bob", "cyn");
	await bob.connection.setPayer({ payer: "me" });
	await eventually(() => {
		expect(cyn.view.session?.payer).toMatchObject({ kind: "person", userId: "bob", consentedAt: expect.any(Number) });
	});
	expect(await refusal(cyn.connection.setPayer({ payer: "me" }))).toMatchObject({ code: "forbidden" });
	expect(await refusal(cyn.connection.setPayer({ payer: "nobody" }))).toMatchObject({ code: "forbidden" });
	await bob.connection.setPayer({ payer: "nobody" });
	await ada.connection.setPayer({ payer: "server" });
	await eventually(() => expect(cyn.view.session?.payer).toEqual({ kind: "server" }));
	const { entries } = await cyn.connection.getAudit();
	expect(entries.map(({ act }) => act)).toMatchObject([
		{ type: "payer-changed", by: "ada", from: "nobody", to: "server" },
		{ type: "payer-changed", by: "bob", from: "bob", to: "nobody" },
		{ type: "payer-changed", by: "bob", from: "nobody", to: "bob" },
	]);
});

test("[PAY3] whoever is put out pays for nothing here any more", async () => {
	const [, ada, bob] = await town.found("ada", "bob");
	await bob.connection.setPayer({ payer: "me" });
	await ada.connection.kick({ userId: "bob" });
	await eventually(() => expect(ada.view.session).not.toHaveProperty("payer"));
});

test("[AGE2] another agent is taken while nothing runs, and only one that there is", async () => {
	const [, ada] = await town.found("ada");
	await ada.connection.prompt({ text: "say one" });
	await ended(ada, 1);
	await ada.connection.setAgent({ agent: "claude" });
	await eventually(() => expect(ada.view.session).toMatchObject({ agent: "claude", state: "off" }));
	expect(await refusal(ada.connection.setAgent({ agent: "../../sh" }))).toMatchObject({ code: "bad_input" });
	await ada.connection.prompt({ text: "wait" });
	await eventually(() => expect(ada.view.session?.state).toBe("running"));
	expect(await refusal(ada.connection.setAgent({ agent: "demo" }))).toMatchObject({ code: "busy" });
	await ada.connection.cancelTurn();
	await ended(ada, 2);
	await ada.connection.setAgent({ agent: "demo" });
	await ada.connection.prompt({ text: "say two" });
	await ended(ada, 3);
	expect(ada.texts).toEqual(expect.arrayContaining(["one", "two"]));
});

test("[AGE3] what is chosen is the agent's to say; a mode is the owner's where not everybody answers", async () => {
	const [, ada, bob] = await town.found("ada", "bob");
	await bob.connection.setModel({ model: "large", effort: "high" });
	await eventually(() => expect(ada.view.session?.choices).toMatchObject({ effort: { current: "high" } }));
	await bob.connection.setMode({ mode: "full" });
	await eventually(() => expect(ada.view.session?.mode).toBe("full"));
	await ada.connection.setPolicy({ policy: "owner" });
	expect(await refusal(bob.connection.setMode({ mode: "ask" }))).toMatchObject({ code: "forbidden" });
	await ada.connection.setMode({ mode: "ask" });
	await eventually(() => expect(bob.view.session?.mode).toBe("ask"));
});
