"use client";
import type { PermissionPolicy, RememberScope } from "@bullpen/domain/permission";
import { rememberable } from "@bullpen/domain/permission-rules";
import { ShieldQuestionMark } from "lucide-react";
import { useState } from "react";
import type { PersonOf } from "../../live/person.ts";
import { Button } from "../../ui/button.tsx";
import { cx } from "../../ui/cx.ts";
import { countdownOf } from "../../ui/time.ts";
import { useNow } from "../../ui/use-now.ts";
import { Asked } from "./asked.tsx";
import { inOrder, isAllowing, isAlways } from "./permission-options.ts";
import { RememberChoice } from "./remember-choice.tsx";
import type { OpenQuestion } from "./workspace-data.ts";

/** From here on the countdown wants to be seen. */
const HURRY_MS = 60_000;

interface PermissionCardProps {
	question: OpenQuestion;
	policy: PermissionPolicy;
	me: string;
	personOf: PersonOf;
	/** How many more questions wait behind this one. */
	waiting: number;
	/** May answer, as the policy is; the others hear why not. */
	canAnswer: boolean;
	/** Why it does not count, in words, or null when it does. */
	onAnswer: (optionId: string, remember: RememberScope | undefined) => Promise<string | null>;
}

/** A question of the agent that waits for an answer of those whom the policy names. */
export function PermissionCard({ question, policy, me, personOf, waiting, canAnswer, onAnswer }: PermissionCardProps) {
	const { permission, tool, askedFor } = question;
	const [answered, setAnswered] = useState<string | null>(null);
	const [refusal, setRefusal] = useState<string | null>(null);
	const [isRemembered, setRemembered] = useState(false);
	const scopes = rememberable(permission);
	const always = permission.options.find(isAlways)?.name;
	const [scope, setScope] = useState(scopeAtFirst(permission.toolKind, scopes, always !== undefined));
	const left = Math.min(permission.expiresAt - useNow(1_000), permission.expiresAt - permission.askedAt);
	const votes = policy === "two" ? (permission.votes ?? []) : [];
	const isOwnVoteIn = votes.some(({ userId }) => userId === me);
	const answer = async (option: OpenQuestion["permission"]["options"][number]) => {
		setAnswered(option.optionId);
		const isKept = isAllowing(option) && (isRemembered || isAlways(option));
		const refused = await onAnswer(option.optionId, isKept ? scope : undefined);
		setRefusal(refused);
		setAnswered(null);
	};
	const options = inOrder(permission.options).filter((option) => !(isOwnVoteIn && isAllowing(option)));
	return (
		<section
			role="alertdialog"
			aria-label={`The agent asks: ${permission.title}`}
			className="rounded-lg bg-raised p-3.5 shadow-mid ring-1 ring-attention animate-rise"
		>
			<div className="flex items-start gap-2.5">
				<ShieldQuestionMark className="mt-0.5 size-4.5 shrink-0 text-attention-text" aria-hidden="true" />
				<div className="min-w-0 flex-1">
					<p className="font-semibold [overflow-wrap:anywhere]">{permission.title}</p>
					<p className="text-text-faint text-xs">
						{askedFor !== null && `For the prompt of ${personOf(askedFor).name}. `}
						{NEEDED[policy]}
						{waiting > 0 && ` ${waiting} more ${waiting === 1 ? "question waits" : "questions wait"}.`}
					</p>
				</div>
				<Countdown left={left} of={permission.expiresAt - permission.askedAt} />
			</div>
			<div className="mt-2.5 max-h-56 overflow-y-auto">
				<Asked permission={permission} tool={tool} />
			</div>
			{votes.length > 0 && (
				<p className="mt-2 flex items-center gap-2 text-sm" role="status">
					<span className="rounded-full bg-accent-soft px-2 font-medium text-accent-text text-xs tabular-nums">
						1 of 2
					</span>
					{isOwnVoteIn
						? "You said yes. Somebody else has to as well."
						: `${votes.map(({ userId }) => personOf(userId).name).join(", ")} said yes.`}
				</p>
			)}
			{refusal && (
				<p role="alert" className="mt-2 text-danger-text text-sm">
					{refusal}
				</p>
			)}
			{canAnswer ? (
				<>
					<div className="mt-3 flex flex-wrap gap-2">
						{options.map((option, index) => (
							<Button
								key={option.optionId}
								variant={index === 0 && isAllowing(option) ? "primary" : "secondary"}
								size="sm"
								className="h-auto min-h-7 max-w-full whitespace-normal py-1 text-start"
								isBusy={answered === option.optionId}
								disabled={answered !== null}
								onClick={() => answer(option)}
							>
								{option.name}
							</Button>
						))}
					</div>
					{!isOwnVoteIn && scope !== undefined && (
						<RememberChoice
							toolKind={permission.toolKind}
							scopes={scopes}
							scope={scope}
							onScope={setScope}
							isRemembered={isRemembered}
							onRemembered={setRemembered}
							always={always}
						/>
					)}
				</>
			) : (
				<p className="mt-3 text-sm text-text-muted">
					{policy === "owner" ? "The owner has to answer." : "You are watching: somebody else has to answer."}
				</p>
			)}
		</section>
	);
}

/** The narrower one. But an agent that offers to allow edits for always means all of them: nobody has one file in mind. */
const scopeAtFirst = (toolKind: string | undefined, scopes: readonly RememberScope[], hasAlways: boolean) =>
	hasAlways && toolKind === "edit" ? scopes.at(-1) : scopes[0];

const NEEDED = {
	prompters: "The first answer counts.",
	owner: "The owner answers.",
	two: "Two people have to say yes.",
} as const satisfies Record<PermissionPolicy, string>;

/** What is left, and how much of all that is. Without an answer it is a no. */
function Countdown({ left, of }: { left: number; of: number }) {
	const isHurry = left < HURRY_MS;
	return (
		<span
			role="timer"
			aria-label={`Without an answer it is a no in ${countdownOf(left)}`}
			title="Without an answer it is a no"
			className={cx(
				"flex shrink-0 items-center gap-1.5 text-xs tabular-nums",
				isHurry ? "text-danger-text" : "text-text-muted",
			)}
		>
			<svg viewBox="0 0 16 16" className="size-4 -rotate-90" aria-hidden="true">
				<circle cx="8" cy="8" r="6" fill="none" strokeWidth="2.5" className="stroke-line-strong" />
				<circle
					cx="8"
					cy="8"
					r="6"
					fill="none"
					strokeWidth="2.5"
					pathLength={100}
					strokeDasharray={`${Math.max(0, Math.min(100, (100 * left) / of))} 100`}
					className={isHurry ? "stroke-danger" : "stroke-attention"}
				/>
			</svg>
			{countdownOf(left)}
		</span>
	);
}
