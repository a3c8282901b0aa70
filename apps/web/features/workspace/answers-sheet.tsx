"use client";
import type { AuditPage } from "@bullpen/domain/permission";
import type { PersonOf } from "../../live/person.ts";
import { Sheet } from "../../ui/sheet.tsx";
import { AuditList } from "./audit-list.tsx";
import { POLICIES } from "./policy-words.ts";
import { RuleList } from "./rule-list.tsx";
import type { OpenWorkspace } from "./workspace-data.ts";

interface AnswersSheetProps {
	workspace: OpenWorkspace;
	personOf: PersonOf;
	onRevoke: (ruleId: string) => void;
	readAudit: (before?: number) => Promise<AuditPage>;
	onClose: () => void;
}

/** What is remembered, and who decided what. */
export default function AnswersSheet({ workspace, personOf, onRevoke, readAudit, onClose }: AnswersSheetProps) {
	return (
		<Sheet title="Answers to the agent" side="end" width="wide" onClose={onClose}>
			<div className="min-h-0 flex-1 overflow-y-auto px-4 pb-4">
				<p className="text-sm text-text-muted">
					{POLICIES[workspace.policy].label}. {POLICIES[workspace.policy].meaning}
				</p>
				<h3 className="pt-5 pb-2 font-semibold text-sm">Remembered in this workspace</h3>
				<RuleList rules={workspace.rules} canRevoke={workspace.canPrompt} personOf={personOf} onRevoke={onRevoke} />
				<h3 className="pt-6 pb-2 font-semibold text-sm">What was decided</h3>
				<AuditList stamp={workspace.decided} personOf={personOf} read={readAudit} />
			</div>
		</Sheet>
	);
}
