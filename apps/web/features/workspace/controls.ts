import type { WorkspaceControl } from "@bullpen/client/workspace-control";
import { Problem } from "@bullpen/domain/problem";
import { complain, refusalOf } from "../../live/refusals.ts";
import { wordsFor } from "../../live/words.ts";
import { notify } from "../../ui/toast.tsx";
import type { WorkspaceVerbs } from "./workspace-data.ts";

type Controls = Pick<
	WorkspaceVerbs,
	| "editPrompt"
	| "movePrompt"
	| "removePrompt"
	| "sendNow"
	| "pauseQueue"
	| "resumeQueue"
	| "cancelTurn"
	| "answer"
	| "setPolicy"
	| "setAgent"
	| "choose"
	| "setPayer"
	| "setEgress"
	| "ignoreHost"
	| "revokeRule"
	| "readAudit"
>;

/** What people do to the queue and the questions; what is refused is said where it was asked, or passes by in a word. */
export const controls = (control: WorkspaceControl, nameOf: (userId: string) => string): Controls => ({
	editPrompt: (promptId, text) => refusalOf(control.editPrompt(promptId, text)),
	movePrompt: (promptId, after) => void control.movePrompt(promptId, after).catch(complain),
	removePrompt: (promptId) => void control.removePrompt(promptId).catch(complain),
	sendNow: (promptId) => void control.sendNow(promptId).catch(complain),
	pauseQueue: () => void control.pauseQueue().catch(complain),
	resumeQueue: () => void control.resumeQueue().catch(complain),
	cancelTurn: () => void control.cancelTurn().catch(complain),
	answer: (requestId, optionId, remember) =>
		control.answerPermission(requestId, optionId, remember).then(
			() => null,
			(error: unknown) => {
				// Its card is gone by then, so whose answer stands is said in passing.
				const by = error instanceof Problem && error.code === "already_answered" ? error.details.answeredBy : undefined;
				if (typeof by === "string") notify(`${nameOf(by)} has answered already.`);
				return wordsFor(error);
			},
		),
	setPolicy: (policy) => void control.setPolicy(policy).catch(complain),
	setAgent: (agent) => void control.setAgent(agent).catch(complain),
	choose: (kind, id) => void control.choose(kind, id).catch(complain),
	setEgress: (egress) => control.setEgress(egress),
	ignoreHost: (host) => control.ignoreHost(host),
	setPayer: (payer) => void control.setPayer(payer).catch(complain),
	revokeRule: (ruleId) => void control.revokeRule(ruleId).catch(complain),
	readAudit: (before) => control.getAudit(before),
});
