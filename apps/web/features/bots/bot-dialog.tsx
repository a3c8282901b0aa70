"use client";
import { LIMITS } from "@bullpen/domain/limits";
import { useState } from "react";
import { useLive } from "../../live/live.tsx";
import { refusalOf } from "../../live/refusals.ts";
import { useAct } from "../../live/use-act.ts";
import { Button } from "../../ui/button.tsx";
import type { Question } from "../../ui/confirm.tsx";
import { fetched } from "../../ui/fetched.tsx";
import { Field } from "../../ui/field.tsx";
import { FormDialog } from "../../ui/form-dialog.tsx";
import { LastUse } from "./bots-screen.tsx";
import { Scopes } from "./scopes.tsx";
import { TokenDialog } from "./token-dialog.tsx";
import type { ShownBot } from "./use-bots.ts";

const Confirm = fetched(() => import("../../ui/confirm.tsx"));

interface BotDialogProps {
	bot: ShownBot;
	onChanged: () => void;
	onClose: () => void;
}

/** What one bot is called and may, its token, and whether it takes part at all. */
export default function BotDialog({ bot, onChanged, onClose }: BotDialogProps) {
	const { directory } = useLive();
	const { userId } = bot;
	const [name, setName] = useState(bot.name);
	const [scopes, setScopes] = useState(bot.scopes);
	const [token, setToken] = useState<string | null>(null);
	const [question, setQuestion] = useState<Question | null>(null);
	const { isBusy, error, run } = useAct();
	if (token !== null) return <TokenDialog title={`A new token for ${bot.name}`} token={token} onClose={onClose} />;
	const isRenamed = name.trim() !== bot.name && name.trim() !== "";
	const isLimited = [...scopes].sort().join() !== [...bot.scopes].sort().join();
	const act = (work: Promise<unknown>): Promise<string | null> => refusalOf(work.finally(onChanged));
	const ask = (asked: Omit<Question, "onAct">, work: () => Promise<unknown>): void =>
		setQuestion({ ...asked, onAct: () => act(work()) });
	const renew = async (): Promise<void> => setToken((await directory.renewBotToken(userId)).token);
	return (
		<FormDialog
			title={bot.name}
			description={<LastUse at={bot.usedAt} />}
			act="Save"
			canAct={isRenamed || isLimited}
			isBusy={isBusy}
			onAct={async () => {
				const wish = { userId, ...(isRenamed && { name }), ...(isLimited && { scopes }) };
				if (await run(() => directory.updateBot(wish).finally(onChanged))) onClose();
			}}
			onClose={onClose}
		>
			<Field
				label="Name"
				value={name}
				maxLength={LIMITS.personNameCharsMax}
				autoComplete="off"
				error={error ?? undefined}
				onChange={(event) => setName(event.target.value)}
			/>
			<Scopes chosen={scopes} onChange={setScopes} />
			<div>
				<p className="pb-2 font-medium text-sm">Token</p>
				<div className="flex flex-wrap gap-2">
					<Button
						size="sm"
						onClick={() =>
							bot.tokenMadeAt === null
								? run(() => renew().finally(onChanged))
								: ask(
										{
											title: `Make a new token for ${bot.name}?`,
											description: "The one before is good for nothing from then on: its program needs the new one.",
											act: "Make a new token",
											isHarmless: true,
										},
										renew,
									)
						}
					>
						New token
					</Button>
					{bot.tokenMadeAt !== null && (
						<Button
							size="sm"
							onClick={() =>
								ask(
									{
										title: `Withdraw the token of ${bot.name}?`,
										description: "Its program is signed out at once, and stays out until it gets another.",
										act: "Withdraw",
									},
									() => directory.revokeBotToken(userId),
								)
							}
						>
							Withdraw
						</Button>
					)}
				</div>
			</div>
			<div>
				<p className="pb-2 font-medium text-sm">Taking part</p>
				<div className="flex flex-wrap gap-2">
					<Button
						size="sm"
						onClick={() =>
							bot.isClosed
								? void act(directory.setBotActive(userId, true))
								: ask(
										{
											title: `Close ${bot.name}?`,
											description: "It leaves everything it is in, its webhooks fall silent. It can be opened again.",
											act: "Close bot",
										},
										() => directory.setBotActive(userId, false),
									)
						}
					>
						{bot.isClosed ? "Open again" : "Close bot"}
					</Button>
				</div>
			</div>
			{question && <Confirm question={question} onClose={() => setQuestion(null)} />}
		</FormDialog>
	);
}
