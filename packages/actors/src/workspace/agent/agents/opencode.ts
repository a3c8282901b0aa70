import { type AgentKind, CONFIG_PATH, type LaunchPlace } from "./agent-kind.ts";

/** What it asks for unless the owner named a model: it knows no default for a provider that it was told of. */
const MODELS = { openai: "gpt-5.1", anthropic: "claude-sonnet-4-5", "openai-compatible": "default" } as const;

/**
 * OpenCode. `opencode-ai` only chooses among one package per processor; this is the one that runs on every x64 (1.18.33 was
 * published for no other Linux).
 */
export const opencode: AgentKind = {
	name: "opencode",
	title: "OpenCode",
	sdkName: "opencode",
	package: {
		name: "opencode-linux-x64-baseline",
		version: "1.18.33",
		installedBytes: 186_000_000,
		writtenBytes: 240_000_000,
	},
	providers: ["anthropic", "openai", "openai-compatible"],
	isVirtual: false,
	launch: (place) => ({
		command: [
			...["/bin/sh", "-c", INSTALLING_NOTHING],
			...[`${place.folder}/node_modules/opencode-linux-x64-baseline/bin/opencode`, "acp"],
		],
		environment: {
			OPENCODE_CONFIG: `${CONFIG_PATH}/opencode.json`,
			OPENCODE_DISABLE_AUTOUPDATE: "1",
			OPENCODE_DISABLE_LSP_DOWNLOAD: "1",
			OPENCODE_DISABLE_MODELS_FETCH: "1",
		},
		files: { "opencode.json": JSON.stringify(settings(place)) },
	}),
};

/**
 * A folder of its own that it may write to it fills from a package registry at each start, for plugins that might be in it
 * (1.18.33). Its settings are elsewhere.
 */
const INSTALLING_NOTHING = `mkdir -p ~/.config/opencode; chmod 0555 ~/.config/opencode; exec "$0" "$@"`;

function settings({ models }: LaunchPlace): object {
	// Its makers offer models of their own to everybody, which nobody here could reach.
	const enabled_providers = ["bullpen"];
	const asked = {
		enabled_providers,
		autoupdate: false,
		share: "disabled",
		permission: { edit: "ask", bash: "ask", webfetch: "ask" },
	};
	if (!models) return asked;
	const model = models.model ?? MODELS[models.provider];
	return {
		...asked,
		model: `bullpen/${model}`,
		small_model: `bullpen/${model}`,
		provider: {
			bullpen: {
				name: "Bullpen",
				npm: models.provider === "anthropic" ? "@ai-sdk/anthropic" : "@ai-sdk/openai-compatible",
				options: { baseURL: `${models.url}/v1`, apiKey: `{env:${models.tokenVariable}}` },
				// It takes a model that it was told of for one that sees no pictures, and leaves them out.
				models: {
					[model]: { name: model, attachment: true, modalities: { input: ["text", "image"], output: ["text"] } },
				},
			},
		},
	};
}
