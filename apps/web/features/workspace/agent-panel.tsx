"use client";
import type { AgentChoiceList, ChoiceKind } from "@bullpen/domain/agent-choices";
import type { PayerWish } from "@bullpen/domain/payer";
import type { ModelSpending } from "@bullpen/domain/spending";
import { type ReactNode, useId } from "react";
import { agentTitle, offerWords } from "../../live/agent-words.ts";
import { useOffers } from "../../live/use-offers.ts";
import { Button } from "../../ui/button.tsx";
import { Link } from "../../ui/link.tsx";
import { Popover } from "../../ui/popover.tsx";
import { Select } from "../../ui/select.tsx";
import { AgentButton, type AgentChipProps } from "./agent-chip.tsx";
import { costOf, countOf } from "./usage-line.tsx";
import type { OpenWorkspace } from "./workspace-data.ts";

const KINDS = [
	["mode", "Mode"],
	["model", "Model"],
	["effort", "Effort"],
] as const satisfies readonly (readonly [ChoiceKind, string])[];

export default function AgentPanel({ workspace, me, personOf, verbs }: AgentChipProps) {
	const { session, canPrompt, isOwner, policy, runningTurn } = workspace;
	const offers = useOffers();
	const offer = offers.find((one) => one.name === session.agent);
	const choices = session.choices ?? {};
	return (
		<Popover
			label="Agent"
			align="end"
			className="max-h-[70dvh] w-80 max-w-[calc(100vw-1.5rem)] space-y-3.5 overflow-y-auto p-4"
			trigger={<AgentButton agent={session.agent} />}
		>
			{() => (
				<>
					<Choice
						label="Agent"
						value={session.agent}
						isDisabled={!canPrompt || runningTurn !== null}
						options={offers.map((one) => ({ id: one.name, name: one.title, isDisabled: !one.isReady }))}
						onChange={verbs.setAgent}
					>
						{runningTurn !== null ? "It can be changed when the agent has finished." : offer && offerWords(offer)}
					</Choice>
					{KINDS.map(([kind, label]) => {
						const list = choices[kind];
						const isAllowed = canPrompt && (kind !== "mode" || isOwner || policy === "prompters");
						return list && list.options.length > 0 ? (
							<Choice
								key={kind}
								label={label}
								value={list.current ?? ""}
								isDisabled={!isAllowed}
								options={list.options}
								onChange={(id) => verbs.choose(kind, id)}
							>
								{meaningOf(list)}
							</Choice>
						) : null;
					})}
					{session.choices === undefined && session.agent !== "demo" && (
						<p className="text-text-faint text-xs">Its modes and models are shown once it has started.</p>
					)}
					{(session.agent !== "demo" || session.payer?.kind === "person") && (
						<PayerLine
							payer={session.payer}
							me={me}
							nameOf={(id) => personOf(id).name}
							isOwner={isOwner}
							canPrompt={canPrompt}
							onPayer={verbs.setPayer}
						/>
					)}
					{session.spending && <SpendingLine spending={session.spending} />}
				</>
			)}
		</Popover>
	);
}

const meaningOf = ({ current, options }: AgentChoiceList): string | undefined =>
	options.find(({ id }) => id === current)?.description;

interface ChoiceProps {
	label: string;
	value: string;
	options: readonly { id: string; name: string; isDisabled?: boolean }[];
	isDisabled: boolean;
	onChange: (id: string) => void;
	children?: ReactNode;
}

function Choice({ label, value, options, isDisabled, onChange, children }: ChoiceProps) {
	const id = useId();
	const isKnown = options.some((option) => option.id === value);
	return (
		<div>
			<label htmlFor={id} className="mb-1 block font-medium text-xs">
				{label}
			</label>
			<Select id={id} size="sm" value={value} disabled={isDisabled} onChange={(event) => onChange(event.target.value)}>
				{!isKnown && <option value={value}>{agentTitle(value)}</option>}
				{options.map((option) => (
					<option key={option.id} value={option.id} disabled={option.isDisabled}>
						{option.name}
					</option>
				))}
			</Select>
			{children && <p className="mt-1 text-text-faint text-xs">{children}</p>}
		</div>
	);
}

interface PayerLineProps {
	payer: OpenWorkspace["session"]["payer"];
	me: string;
	nameOf: (userId: string) => string;
	isOwner: boolean;
	canPrompt: boolean;
	onPayer: (wish: PayerWish) => void;
}

function PayerLine({ payer, me, nameOf, isOwner, canPrompt, onPayer }: PayerLineProps) {
	const isMine = payer?.kind === "person" && payer.userId === me;
	const wishes: [wish: PayerWish, words: string][] = [];
	if (canPrompt && !isMine && (isOwner || payer === undefined)) wishes.push(["me", "I pay"]);
	if (isOwner && payer?.kind !== "server") wishes.push(["server", "The server pays"]);
	if (isMine || (isOwner && payer !== undefined)) wishes.push(["nobody", isMine ? "Stop paying" : "Nobody pays"]);
	return (
		<div>
			<p className="font-medium text-xs">Paid by</p>
			<p className="mt-0.5 text-sm">
				{payer === undefined
					? "Nobody yet"
					: payer.kind === "server"
						? "The server"
						: isMine
							? "You, with your key"
							: nameOf(payer.userId)}
			</p>
			{wishes.length > 0 && (
				<div className="mt-2 flex flex-wrap items-center gap-2">
					{wishes.map(([wish, words]) => (
						<Button key={wish} size="sm" onClick={() => onPayer(wish)}>
							{words}
						</Button>
					))}
				</div>
			)}
			{canPrompt && (
				<Link
					href="/settings"
					className="mt-2 inline-block rounded-xs text-text-muted text-xs underline underline-offset-2"
				>
					Keys for models
				</Link>
			)}
		</div>
	);
}

/** What requests to models have used; what is not known for sure says so. */
function SpendingLine({ spending }: { spending: ModelSpending }) {
	const { requests, inputTokens, outputTokens, costMicros, unpriced, estimated } = spending;
	const money = costOf({ amount: costMicros / 1_000_000, currency: "USD" });
	const isPartly = unpriced > 0 && unpriced < requests;
	return (
		<div>
			<p className="font-medium text-xs">Used so far</p>
			<p className="mt-0.5 text-sm tabular-nums">
				{countOf(requests)} {requests === 1 ? "request" : "requests"} · {countOf(inputTokens)} in,{" "}
				{countOf(outputTokens)} out
			</p>
			<p className="text-text-faint text-xs tabular-nums">
				{unpriced === requests
					? "No list price is known for this model."
					: `About ${money}${isPartly ? " or more" : ""}`}
				{estimated > 0 && " Partly estimated."}
			</p>
		</div>
	);
}
