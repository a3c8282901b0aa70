import { expect, test } from "vitest";
import { agentOffers } from "./agent-offer.ts";
import type { DirectoryAgentRow } from "./directory.ts";

const row = (more: Partial<DirectoryAgentRow> & Pick<DirectoryAgentRow, "id">): DirectoryAgentRow => ({
	kind: "directoryAgent",
	version: 1,
	name: more.id,
	position: 0,
	installation: { state: "installed" },
	providers: [],
	serverProviders: [],
	...more,
});
const codex = row({ id: "codex", providers: ["openai"], installation: { state: "missing", bytes: 5 } });
const claude = row({ id: "claude", position: 1, providers: ["anthropic"] });
const demo = row({ id: "demo", position: 2 });

const ready = (offers: ReturnType<typeof agentOffers>): string[] =>
	offers.filter(({ isReady }) => isReady).map(({ name }) => name);
const first = (offers: ReturnType<typeof agentOffers>): string | undefined =>
	offers.find(({ isDefault }) => isDefault)?.name;

test("[AGE1] without a key only agents that need none are ready, and the first of them is the default", () => {
	const offers = agentOffers([demo, claude, codex], []);
	expect(offers.map(({ name }) => name)).toEqual(["codex", "claude", "demo"]);
	expect(ready(offers)).toEqual(["demo"]);
	expect(first(offers)).toBe("demo");
	expect(offers[0]).toMatchObject({ needsKey: true, keyNames: ["OpenAI"], payers: [] });
});

test("[AGE1] a key of the server or of one's own makes an agent ready, also before it is installed", () => {
	const offers = agentOffers([{ ...codex, serverProviders: ["openai"] }, claude, demo], ["anthropic", "openai"]);
	expect(ready(offers)).toEqual(["codex", "claude", "demo"]);
	expect(first(offers)).toBe("codex");
	expect(offers.map(({ payers }) => payers)).toEqual([["server", "me"], ["me"], []]);
});

test("[AGE1] an agent that cannot work on this machine is never ready", () => {
	expect(first(agentOffers([{ ...codex, serverProviders: ["openai"], obstacle: "No sandbox." }, demo], []))).toBe(
		"demo",
	);
});
