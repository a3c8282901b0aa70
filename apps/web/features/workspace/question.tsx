"use client";
import type { PersonOf } from "../../live/person.ts";
import { nextQuestion } from "./answers-of.ts";
import { PermissionCard } from "./permission-card.tsx";
import type { OpenWorkspace, WorkspaceVerbs } from "./workspace-data.ts";

interface QuestionProps {
	workspace: OpenWorkspace;
	me: string;
	personOf: PersonOf;
	verbs: WorkspaceVerbs;
}

export function Question({ workspace, me, personOf, verbs }: QuestionProps) {
	const { pending, policy } = workspace;
	const question = nextQuestion(workspace, me);
	if (!question) return null;
	return (
		<div className="px-4 pb-3 md:px-5">
			<PermissionCard
				key={question.permission.id}
				question={question}
				policy={policy}
				me={me}
				personOf={personOf}
				waiting={pending.length - 1}
				canAnswer={workspace.canAnswer}
				onAnswer={(optionId, remember) => verbs.answer(question.permission.id, optionId, remember)}
			/>
		</div>
	);
}
