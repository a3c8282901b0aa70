import type { AuditAct } from "@bullpen/domain/permission";
import { unreachable } from "@bullpen/domain/unreachable";
import type { ReactNode } from "react";
import type { PersonOf } from "../../live/person.ts";
import { POLICIES } from "./policy-words.ts";
import { ruleWords } from "./remembered-words.ts";
import { egressName } from "./sandbox/egress-words.ts";

/** Ada, or Ada and Bob. */
export const namesOf = (userIds: readonly string[], personOf: PersonOf): string =>
	userIds.map((userId) => personOf(userId).name).join(" and ");

const payerWords = (payer: string, personOf: PersonOf): string =>
	payer === "server" ? "the server" : payer === "nobody" ? "nobody" : personOf(payer).name;

const circleWords = (visibility: string): string =>
	visibility === "server" ? "everyone here" : visibility === "room" ? "a room" : "by invitation";

const egressWords = ({ added, removed }: Extract<AuditAct, { type: "egress-changed" }>): string =>
	[
		...(added.length > 0 ? [`from now on ${added.map(egressName).join(", ")}`] : []),
		...(removed.length > 0 ? [`no longer ${removed.map(egressName).join(", ")}`] : []),
	].join("; ");

/** One decision as a sentence: who, what, about what. */
export function auditWords(act: AuditAct, personOf: PersonOf): ReactNode {
	const who = (...userIds: string[]) => <strong className="font-medium">{namesOf(userIds, personOf)}</strong>;
	switch (act.type) {
		case "permission-supported":
			return (
				<>
					{who(act.by)} said “{act.answer}”, one of two: {act.title}
				</>
			);
		case "permission-allowed":
			return (
				<>
					{act.ruleId !== undefined && "Remembered: "}
					{who(...act.by)} answered “{act.answer}”: {act.title}
				</>
			);
		case "permission-denied":
			return (
				<>
					{who(act.by)} answered “{act.answer}”: {act.title}
				</>
			);
		case "permission-expired":
			return <>Nobody answered in time, so it was a no: {act.title}</>;
		case "permission-cancelled":
			return act.by === undefined ? (
				<>No longer asked, the turn ended: {act.title}</>
			) : (
				<>
					{who(act.by)} stopped the turn that asked: {act.title}
				</>
			);
		case "rule-added":
			return (
				<>
					{who(...act.by)} had remembered: {ruleWords(act)} {act.target}
				</>
			);
		case "rule-revoked":
			return (
				<>
					{who(act.by)} took back: {ruleWords(act)} {act.target}
				</>
			);
		case "policy-changed":
			return (
				<>
					{who(act.by)} changed who answers from “{POLICIES[act.from].label}” to “{POLICIES[act.to].label}”
				</>
			);
		case "agent-changed":
			return (
				<>
					{who(act.by)} changed the agent from {act.from} to {act.to}
				</>
			);
		case "choice-changed":
			return (
				<>
					{who(act.by)} set {act.what} to {act.to}
				</>
			);
		case "payer-changed":
			return (
				<>
					{who(act.by)} changed who pays from {payerWords(act.from, personOf)} to {payerWords(act.to, personOf)}
				</>
			);
		case "terminal-opened":
			return <>{who(act.by)} opened the terminal</>;
		case "egress-changed":
			return (
				<>
					{who(act.by)} changed what the sandbox can reach: {egressWords(act)}
				</>
			);
		case "member-invited":
			return (
				<>
					{who(act.by)} invited {who(act.userId)} as {act.role}
				</>
			);
		case "role-changed":
			return (
				<>
					{who(act.by)} made {who(act.userId)} {act.to} instead of {act.from}
				</>
			);
		case "member-removed":
			return (
				<>
					{who(act.by)} removed {who(act.userId)}
				</>
			);
		case "ownership-passed":
			return (
				<>
					{who(act.by)} passed the workspace on to {who(act.userId)}
				</>
			);
		case "visibility-changed":
			return (
				<>
					{who(act.by)} changed who can enter: {circleWords(act.to)}
				</>
			);
		case "workspace-renamed":
			return (
				<>
					{who(act.by)} renamed the workspace from “{act.from}” to “{act.to}”
				</>
			);
		case "workspace-archived":
			return <>{who(act.by)} archived the workspace</>;
		case "workspace-restored":
			return <>{who(act.by)} restored the workspace</>;
		case "queue-paused":
			return <>{who(act.by)} paused the queue</>;
		case "queue-resumed":
			return <>{who(act.by)} resumed the queue</>;
		default:
			return unreachable(act);
	}
}
