"use client";
import type { BotScope } from "@bullpen/domain/bot";
import { LIMITS } from "@bullpen/domain/limits";
import { useState } from "react";
import { useLive } from "../../live/live.tsx";
import { useAct } from "../../live/use-act.ts";
import { Field } from "../../ui/field.tsx";
import { FormDialog } from "../../ui/form-dialog.tsx";
import { Scopes } from "./scopes.tsx";
import { TokenDialog } from "./token-dialog.tsx";

/** Makes a bot, and shows its token this once. */
export default function NewBotDialog({ onMade, onClose }: { onMade: () => void; onClose: () => void }) {
	const { directory } = useLive();
	const [name, setName] = useState("");
	const [scopes, setScopes] = useState<BotScope[]>(["read", "write", "react"]);
	const [token, setToken] = useState<string | null>(null);
	const { isBusy, error, run } = useAct();
	if (token !== null) return <TokenDialog title={`${name.trim()} is here`} token={token} onClose={onClose} />;
	return (
		<FormDialog
			title="New bot"
			description="Its program signs in with a token that you see once."
			act="Make bot"
			canAct={name.trim() !== ""}
			isBusy={isBusy}
			onAct={() =>
				run(async () => {
					setToken((await directory.createBot({ name, scopes })).token);
					onMade();
				})
			}
			onClose={onClose}
		>
			<Field
				label="Name"
				value={name}
				maxLength={LIMITS.personNameCharsMax}
				autoComplete="off"
				autoFocus
				placeholder="Builds"
				error={error ?? undefined}
				onChange={(event) => setName(event.target.value)}
			/>
			<Scopes chosen={scopes} onChange={setScopes} />
		</FormDialog>
	);
}
