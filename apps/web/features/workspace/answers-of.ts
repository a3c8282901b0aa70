import type { PermissionPolicy } from "@bullpen/domain/permission";
import { isInForce, mayAnswer } from "@bullpen/domain/permission-rules";
import type { TranscriptView } from "@bullpen/domain/transcript/reduce";
import type { PermissionRow, WorkspaceRole } from "@bullpen/domain/workspace";
import { agentLook } from "../../live/agent-dot.tsx";
import type { OpenQuestion, OpenWorkspace } from "./workspace-data.ts";

/** What waits for answers, who gives them, and what is remembered of them. */
export function answersOf(
	transcript: TranscriptView,
	standing: WorkspaceRole | "outsider",
): Pick<OpenWorkspace, "pending" | "policy" | "rules" | "decided" | "canAnswer"> {
	const { session, members, permissions, pendingPermissions } = transcript;
	const policy = session?.policy ?? "prompters";
	const removed = new Set(members.filter(({ status }) => status === "removed").map(({ id }) => id));
	const isOut = (userId: string) => removed.has(userId);
	const court = { policy, ownerId: session?.ownerId ?? "", isOut };
	const counted = (permission: PermissionRow): PermissionRow =>
		permission.votes ? { ...permission, votes: permission.votes.filter(({ userId }) => !isOut(userId)) } : permission;
	const stamps = [...permissions, ...transcript.rules, ...(session ? [session] : [])].map(({ version }) => version);
	return {
		pending: pendingPermissions.map((permission) => ({
			permission: counted(permission),
			...aboutOf(permission, transcript),
		})),
		policy,
		rules: transcript.rules.map((rule) => ({ rule, isInForce: isInForce(rule, court) })),
		decided: `${stamps.reduce((most, version) => Math.max(most, version), 0)} ${transcript.rules.length}`,
		canAnswer: standing !== "outsider" && mayAnswer(policy, standing),
	};
}

/** The question that is for this person to answer next; one they have said yes to waits behind the others. */
export function nextQuestion({ pending, policy }: Pick<OpenWorkspace, "pending" | "policy">, me: string) {
	return pending.find((question) => !hasSaidYes(question, policy, me)) ?? pending[0];
}

/** What the agent does, to whoever looks: it may wait for them, or for somebody else. */
export function stateWords(workspace: OpenWorkspace, me: string): string {
	const { session, policy, canAnswer } = workspace;
	const question = nextQuestion(workspace, me);
	const isTheirs = question !== undefined && canAnswer && !hasSaidYes(question, policy, me);
	return isTheirs && session.state === "waiting_permission" ? "Waiting for you" : agentLook(session.state).words;
}

const hasSaidYes = ({ permission: { votes = [] } }: OpenQuestion, policy: PermissionPolicy, me: string): boolean =>
	policy === "two" && votes.some(({ userId }) => userId === me);

/** The call a question is about, and whose prompt that call is for. */
function aboutOf(
	{ toolCallId, turnId }: PermissionRow,
	{ items }: TranscriptView,
): Pick<OpenQuestion, "tool" | "askedFor"> {
	const call = items.findLast(({ body }) => body.type === "tool" && body.toolCallId === toolCallId)?.body;
	const prompt = items.findLast((item) => item.turnId === turnId && item.body.type === "user")?.body;
	return {
		tool: call?.type === "tool" ? call : undefined,
		askedFor: prompt?.type === "user" ? prompt.userId : null,
	};
}
