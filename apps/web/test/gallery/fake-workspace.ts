import type { PersonRow } from "@bullpen/domain/directory";
import { Problem } from "@bullpen/domain/problem";
import type { ChatRow } from "@bullpen/domain/side-chat";
import type {
	PermissionRow,
	PromptRow,
	SessionRow,
	WorkspaceFeedRow,
	WorkspaceMemberRow,
} from "@bullpen/domain/workspace";
import { answerOfFiles } from "./fake-files.ts";
import { sandboxFacts } from "./fake-sandbox.ts";
import { Fold, type Folded } from "./fold.ts";
import { scenes } from "./scenes.ts";

export const WORKSPACE_ID = "w-gallery";
const AT = new Date().setHours(9, 30, 0, 0);
const MINUTE_MS = 60_000;

const PEOPLE = [
	["ada", "Ada Lovelace"],
	["bob", "Bob Ross"],
	["cy", "Cy Twombly, who has a name that is rather long for one line"],
	["dee", "Dee Dee"],
] as const;

const people: PersonRow[] = PEOPLE.map(([id, name]) => ({ kind: "person", id, version: 1, name, role: "member" }));
const members: WorkspaceMemberRow[] = [
	{ kind: "member", id: "ada", version: 1, role: "owner", status: "joined", changedAt: AT },
	{ kind: "member", id: "bob", version: 1, role: "prompter", status: "joined", changedAt: AT },
	{ kind: "member", id: "cy", version: 1, role: "viewer", status: "joined", changedAt: AT },
];

const SESSION: SessionRow = {
	...{ kind: "session", id: "default", version: 1, workspaceId: WORKSPACE_ID, sandboxId: "s-1" },
	...{ sandboxKind: "confined", name: "importer: keep the cents", agent: "demo", state: "idle" },
	...{ visibility: "server", ownerId: "ada", createdAt: AT, title: "Exact cents in the importer" },
	usage: { used: 31_400, size: 200_000, cost: { amount: 0.0412, currency: "USD" } },
	commands: [
		{ name: "plan", description: "Writes down the steps before anything is changed.", hint: "what for" },
		{ name: "review", description: "Reads what changed, and says what is wrong with it." },
	],
};

const prompt = (id: string, userId: string, text: string, more: Partial<PromptRow> = {}): PromptRow => ({
	...{ kind: "prompt", id, version: 1, userId, text, createdAt: AT, status: "queued" },
	...more,
});
const QUEUE = [
	prompt("q1", "ada", "Then run the tests of the whole package.", { sentNowBy: "bob" }),
	prompt("q2", "bob", "Look at `CR` and `DR` as the bank writes them, in all of the files that Priya put there.", {
		edited: { by: "ada", at: AT },
		attachments: [{ type: "text", id: "f-1", name: "amounts of a whole year.csv", bytes: 48_213 }],
	}),
	prompt(
		"q3",
		"cy",
		"Thousands separators.\n\n1,204.10\n1 204,10\n1'204.10\n\nand whatever else there is in the world",
	),
];

const question = (id: string, more: Partial<PermissionRow> = {}): PermissionRow => ({
	...{
		kind: "permission",
		id,
		version: 1,
		turnId: "t5",
		title: "Run pnpm test --filter importer",
		toolKind: "execute",
	},
	...{ target: "pnpm test --filter importer -- --reporter=verbose", status: "pending" },
	...{ askedAt: Date.now() - 4 * MINUTE_MS, expiresAt: Date.now() + 6 * MINUTE_MS },
	options: [
		{ optionId: "allow", name: "Allow", kind: "allow_once" },
		{ optionId: "always", name: "Allow all of these for the rest of the session", kind: "allow_always" },
		{ optionId: "deny", name: "Deny", kind: "reject_once" },
	],
	...more,
});
const answered = (id: string, more: Partial<PermissionRow>): PermissionRow => question(id, { turnId: "t1", ...more });

const chat: ChatRow[] = [
	["ada", "It looks at the right file now."],
	["bob", "Yes. `-0.50` was the case that I was afraid of, see https://example.org/money/negative-amounts"],
	["cy", "Shall I stop it?"],
].map(([userId = "", text = ""], index) => ({
	...{ kind: "chat", id: index + 1, version: 1, userId, text, at: AT + index * MINUTE_MS },
}));

interface State {
	readonly session?: Partial<SessionRow>;
	readonly rows?: readonly WorkspaceFeedRow[];
	readonly folded?: () => Folded;
	/** Who looks at it. */
	readonly me?: string;
	/** What its server says instead of anything. */
	readonly problem?: Problem;
}

const working = (): Folded => {
	const all = scenes.get("every-kind")?.() ?? new Fold().folded;
	const turns = [...all.turns.values()].map((turn) =>
		turn.id === "t5" ? { ...turn, status: "running" as const } : turn,
	);
	return { ...all, turns: new Map(turns.map((turn) => [turn.id, turn])) };
};
const empty = (): Folded => new Fold().folded;
const asks: Partial<SessionRow> = { state: "waiting_permission" };

/** Workspaces as they can be found, by name. */
export const STATES: Readonly<Record<string, State>> = {
	ready: {
		rows: [
			answered("p1", { status: "answered", optionId: "allow", answeredBy: "bob" }),
			answered("p2", { status: "answered", optionId: "deny", answeredBy: "ada" }),
			answered("p3", { status: "expired" }),
			answered("p4", { status: "cancelled" }),
		],
	},
	empty: { folded: empty },
	working: { session: { state: "running" }, folded: working, rows: QUEUE },
	asked: { session: asks, folded: working, rows: [question("p1"), question("p2")] },
	two: {
		session: { ...asks, policy: "two" },
		rows: [question("p1", { votes: [{ userId: "bob", optionId: "allow", at: AT }] })],
	},
	supported: {
		session: { ...asks, policy: "two" },
		rows: [question("p1", { votes: [{ userId: "ada", optionId: "allow", at: AT }] })],
	},
	hurry: { session: asks, rows: [question("p1", { expiresAt: Date.now() + 42_000 })] },
	watched: { me: "cy", session: asks, rows: [question("p1"), ...QUEUE] },
	paused: { session: { paused: { by: "bob", at: AT } }, rows: QUEUE },
	refused: { session: sandboxFacts(false) },
	archived: { session: { archived: { by: "ada", at: AT }, state: "off" } },
	virtual: {
		session: { sandboxKind: "virtual", sandboxNote: "bubblewrap is not installed. Run apt-get install bubblewrap." },
	},
	broken: { session: { state: "broken", problem: "The agent ended with code 137: it took more memory than 4 GB." } },
	installing: { session: { agent: "codex", installing: 0.42, state: "starting" }, folded: empty },
	coming: {
		session: {
			origin: { kind: "git", name: "https://example.org/importer.git", state: "running", done: 0.3, by: "ada", at: AT },
		},
		folded: empty,
	},
	crowded: {
		session: {
			...sandboxFacts(false),
			...{ paused: { by: "cy", at: AT }, state: "broken", sandboxKind: "virtual", name: "a name ".repeat(9) },
		},
		rows: [...QUEUE, question("p1", { title: `Write ${"a-long-path/".repeat(12)}file.ts` })],
	},
	closed: { problem: new Problem("forbidden", "No.") },
	deleted: { session: { deleted: { by: "bob", at: AT } } },
};

/** What the server of such a workspace says. */
export function answerOf({ session, rows = [], folded = scenes.get("every-kind"), problem }: State) {
	const { items = [], turns = new Map() } = folded?.() ?? {};
	const head = { seq: items.length, version: 1, epoch: "e" };
	const onlineUserIds = ["ada", "bob", "dee"];
	const all = [{ ...SESSION, ...session }, ...members, ...turns.values(), ...items, ...rows, ...chat.slice(-1)];
	return (name: string, input: Record<string, unknown>): unknown => {
		if (problem) throw problem;
		switch (name) {
			case "getTranscript":
				return { rows: all, head, hasMore: false };
			case "changesSince":
				return { rows: [], to: 1, caughtUp: true, floorSeq: 1 };
			case "getSessionInfo":
				return { onlineUserIds };
			case "getChat":
				return { messages: chat, head, hasMore: false };
			case "getTerminal":
				return {
					terminal: { type: "open", id: "x", size: { cols: 80, rows: 24 }, openedBy: "bob", openedAt: AT },
					...{ at: 0, screen: "\u001b[32m~/importer\u001b[0m $ pnpm test\r\n\r\n  3 passed, 1 failed\r\n$ " },
				};
			case "findFiles":
				return { paths: ["src/cents.ts", "src/parse.ts", "README.md"], isPartial: false };
			default:
				return answerOfFiles(name, input);
		}
	};
}

/** Who there is on the server. */
export const answerOfDirectory = (name: string): unknown =>
	name === "list" ? { rows: people, head: { seq: 0, version: 1, epoch: "e" } } : { rows: [] };
