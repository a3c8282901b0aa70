import type { PermissionRow } from "@bullpen/domain/workspace";
import { ShieldCheck, ShieldQuestionMark, ShieldX } from "lucide-react";
import type { ReactNode } from "react";
import type { PersonOf } from "../../live/person.ts";
import { cx } from "../../ui/cx.ts";
import { isAllowing } from "./permission-options.ts";

/** What became of a question, where it was asked. */
export function PermissionLine({ permission, personOf }: { permission: PermissionRow; personOf: PersonOf }) {
	switch (permission.status) {
		case "pending":
			return (
				<Line icon={<ShieldQuestionMark />} look="text-attention-text">
					Waiting for an answer
				</Line>
			);
		case "answered":
			return <AnsweredLine permission={permission} personOf={personOf} />;
		case "expired":
			return (
				<Line icon={<ShieldX />} look="text-text-muted">
					Nobody answered in time, so the answer was no.
				</Line>
			);
		case "cancelled":
			return (
				<Line icon={<ShieldX />} look="text-text-muted">
					No longer asked: the turn was stopped.
				</Line>
			);
	}
}

function AnsweredLine({ permission, personOf }: { permission: PermissionRow; personOf: PersonOf }) {
	const option = permission.options.find((one) => one.optionId === permission.optionId);
	const who = permission.answeredBy === undefined ? "Somebody" : personOf(permission.answeredBy).name;
	const isAllowed = option !== undefined && isAllowing(option);
	const look = {
		icon: isAllowed ? <ShieldCheck /> : <ShieldX />,
		look: isAllowed ? "text-accent-text" : "text-danger-text",
	};
	if (permission.ruleId !== undefined) {
		return (
			<Line {...look}>
				Answered “{option?.name ?? "Yes"}” by what <span className="font-medium">{who}</span> had remembered
			</Line>
		);
	}
	const [other] = isAllowed ? (permission.votes ?? []).filter(({ userId }) => userId !== permission.answeredBy) : [];
	return (
		<Line {...look}>
			{other && (
				<>
					<span className="font-medium">{personOf(other.userId).name}</span> and{" "}
				</>
			)}
			<span className="font-medium">{who}</span> answered “{option?.name ?? "No"}”
		</Line>
	);
}

function Line({ icon, look, children }: { icon: ReactNode; look: string; children: ReactNode }) {
	return (
		<p className={cx("flex items-center gap-2 py-1 ps-6 text-sm [&_svg]:size-4 [&_svg]:shrink-0", look)}>
			{icon}
			<span className="min-w-0">{children}</span>
		</p>
	);
}
