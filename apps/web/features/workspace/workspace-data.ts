import type { WorkspaceFiles } from "@bullpen/client/workspace-files";
import type { WorkspaceTree } from "@bullpen/client/workspace-tree";
import type { ChoiceKind } from "@bullpen/domain/agent-choices";
import type { Attachment } from "@bullpen/domain/attachment";
import type { SetEgressInput } from "@bullpen/domain/egress";
import type { PayerWish } from "@bullpen/domain/payer";
import type { AuditPage, PermissionPolicy, RememberScope, RuleRow } from "@bullpen/domain/permission";
import type { ItemBody, PlanEntry } from "@bullpen/domain/transcript/item";
import type { TranscriptHits } from "@bullpen/domain/transcript/search";
import type {
	PermissionRow,
	PromptRow,
	SessionRow,
	Transcript,
	TurnRow,
	WorkspaceMemberRow,
} from "@bullpen/domain/workspace";
import type { Person, PersonOf } from "../../live/person.ts";
import type { TranscriptEntry } from "./transcript-entries.ts";

/** A prompt that has not reached the queue, or was refused by it. */
export interface OutgoingPrompt {
	nonce: string;
	text: string;
	/** How many files go with it. */
	files: number;
	status: "sending" | "failed";
	reason?: string | undefined;
}

/** A question that waits. */
export interface OpenQuestion {
	permission: PermissionRow;
	/** The call it is about, where that is known. */
	tool: Extract<ItemBody, { type: "tool" }> | undefined;
	/** Whose prompt the agent works on, null where that is not known. */
	askedFor: string | null;
}

/** A workspace as its screen draws it. */
export interface OpenWorkspace {
	session: SessionRow;
	entries: readonly TranscriptEntry[];
	older: "more" | "loading" | "none";
	/** Somebody reads further up, and the newest lines are not held. */
	newer: "more" | "loading" | "none";
	queue: readonly PromptRow[];
	outgoing: readonly OutgoingPrompt[];
	pending: readonly OpenQuestion[];
	/** Who answers the agent. */
	policy: PermissionPolicy;
	rules: readonly { rule: RuleRow; isInForce: boolean }[];
	/** Another one whenever something was decided. */
	decided: string;
	runningTurn: TurnRow | null;
	/** The newest plan, or null before there is one. */
	plan: readonly PlanEntry[] | null;
	/** Members and whoever is here, those who are here first. */
	people: readonly Person[];
	typing: readonly Person[];
	/** May prompt, stop and pause. Others watch. */
	canPrompt: boolean;
	/** May answer the agent, as the policy is. */
	canAnswer: boolean;
	isOwner: boolean;
	/** Their rows, also of those who left or were removed. */
	members: readonly WorkspaceMemberRow[];
	/** Messages of the side chat that were not looked at in this browser. */
	unreadChat: number;
}

/** Files that go with prompts, and those that prompts mention. */
export type PromptFiles = Pick<WorkspaceFiles, "put" | "remove" | "content" | "find">;

export interface WorkspaceVerbs {
	/** Why it cannot be sent, in words, or null when it is on its way. */
	prompt: (text: string, attachments?: readonly Attachment[]) => string | null;
	promptFiles: PromptFiles;
	retry: (nonce: string) => void;
	discard: (nonce: string) => void;
	/** Why it was refused, in words, or null when it is done. */
	editPrompt: (promptId: string, text: string) => Promise<string | null>;
	/** Behind another one, or to the front. */
	movePrompt: (promptId: string, after: string | null) => void;
	removePrompt: (promptId: string) => void;
	sendNow: (promptId: string) => void;
	pauseQueue: () => void;
	resumeQueue: () => void;
	/** Out of the archive. */
	restore: () => void;
	cancelTurn: () => void;
	/** Why it does not count, in words, or null when it does. */
	answer: (requestId: string, optionId: string, remember: RememberScope | undefined) => Promise<string | null>;
	setPolicy: (policy: PermissionPolicy) => void;
	revokeRule: (ruleId: string) => void;
	readAudit: (before?: number) => Promise<AuditPage>;
	loadOlder: () => void;
	loadNewer: () => void;
	showNewest: () => void;
	/** Brings a line among those held. False when there is none. */
	showItem: (itemId: number) => Promise<boolean>;
	search: (query: string, before?: number) => Promise<TranscriptHits>;
	/** One page of the transcript as it is kept, for an export. */
	page: (before?: number) => Promise<Transcript>;
	/** A picture as a `data:` address. */
	pictureOf: (itemId: number, position: number) => Promise<string>;
	/** The whole of a capped output. */
	outputOf: (itemId: number) => Promise<string>;
	/** Its files, and what changed in them. */
	tree: WorkspaceTree;
	setTyping: (isTyping: boolean) => void;
	setAgent: (agent: string) => void;
	/** Takes a value that the agent offers. */
	choose: (kind: ChoiceKind, id: string) => void;
	setPayer: (payer: PayerWish) => void;
	setEgress: (egress: SetEgressInput) => Promise<void>;
	ignoreHost: (host: string) => Promise<void>;
	retryOpening: () => void;
}

export type WorkspaceData =
	| { phase: "loading" }
	/** There is no such workspace, or it is not for us: the same to whoever asks. */
	| { phase: "closed" }
	/** Somebody deleted it while we were here. */
	| { phase: "deleted"; name: string; by: string }
	| { phase: "failed"; reason: string }
	| { phase: "open"; workspace: OpenWorkspace };

export interface WorkspaceModel {
	data: WorkspaceData;
	me: string;
	personOf: PersonOf;
	verbs: WorkspaceVerbs;
}
