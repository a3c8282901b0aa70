import type { AgentKind } from "./agent-kind.ts";

/** Claude Code by Anthropic, behind its ACP adapter. */
export const claude: AgentKind = {
	name: "claude",
	title: "Claude Code",
	sdkName: "claude",
	package: {
		name: "@agentclientprotocol/claude-agent-acp",
		version: "0.100.0",
		installedBytes: 410_000_000,
		writtenBytes: 726_000_000,
	},
	providers: ["anthropic"],
	isVirtual: false,
	launch: ({ folder, models }) => ({
		command: ["node", `${folder}/node_modules/@agentclientprotocol/claude-agent-acp/dist/index.js`],
		environment: {
			...(models && { ANTHROPIC_BASE_URL: models.url }),
			...(models?.model !== undefined && { ANTHROPIC_MODEL: models.model }),
			CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
			DISABLE_AUTOUPDATER: "1",
			IS_SANDBOX: "1",
		},
		tokenVariables: ["ANTHROPIC_AUTH_TOKEN"],
	}),
};
