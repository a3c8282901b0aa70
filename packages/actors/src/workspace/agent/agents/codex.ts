import type { AgentKind, LaunchPlace } from "./agent-kind.ts";

/** Codex by OpenAI, behind Zed's ACP adapter: one program that holds both. */
export const codex: AgentKind = {
	name: "codex",
	title: "Codex",
	sdkName: "codex",
	package: {
		name: "@zed-industries/codex-acp",
		version: "0.16.0",
		installedBytes: 233_000_000,
		writtenBytes: 383_000_000,
	},
	providers: ["openai"],
	isVirtual: false,
	// Its first one, `read-only`, asks before every edit and again for every command.
	mode: "auto",
	launch: (place) => ({
		command: [
			`${place.folder}/node_modules/@zed-industries/codex-acp-linux-${place.arch}/bin/codex-acp`,
			...settings(place),
		],
	}),
};

/** On the command line, because its `config.toml` lies in a home that the agent can write. */
function settings({ models }: LaunchPlace): string[] {
	if (!models) return [];
	const provider = {
		name: "Bullpen",
		base_url: `${models.url}/v1`,
		env_key: models.tokenVariable,
		wire_api: "responses",
	};
	return Object.entries({
		...(models.model === undefined ? {} : { model: models.model }),
		model_provider: "bullpen",
		...Object.fromEntries(Object.entries(provider).map(([name, value]) => [`model_providers.bullpen.${name}`, value])),
		check_for_update_on_startup: false,
		"analytics.enabled": false,
		// Its newer way to run commands leaves them running when a turn is cancelled.
		"features.unified_exec": false,
	}).flatMap(([name, value]) => ["-c", `${name}=${JSON.stringify(value)}`]);
}
