"use client";
import type { PersonRow } from "@bullpen/domain/directory";
import { statusNow } from "@bullpen/domain/directory-view";
import { MessageCircle } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { useLive } from "../../live/live.tsx";
import { useAct } from "../../live/use-act.ts";
import { Avatar } from "../../ui/avatar.tsx";
import { Badge } from "../../ui/badge.tsx";
import { BotBadge } from "../../ui/bot-badge.tsx";
import { Button, ButtonLink } from "../../ui/button.tsx";
import { CopyField } from "../../ui/copy-field.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { fetched } from "../../ui/fetched.tsx";
import { clockOf } from "../../ui/time.ts";
import { useNow } from "../../ui/use-now.ts";
import { accountCalls } from "./account-calls.ts";
import { ProfileForm } from "./profile-form.tsx";

const Confirm = fetched(() => import("../../ui/confirm.tsx"));

/** Somebody's profile: one's own to change, another's to write to, and for owners to close. */
export default function PersonDialog({ person, onClose }: { person: PersonRow; onClose: () => void }) {
	const { me } = useLive();
	const isMe = person.id === me.id;
	const now = useNow(60_000);
	const status = statusNow(person, now);
	return (
		<Dialog title={isMe ? "Your profile" : person.name} hasHiddenTitle={!isMe} hasClose onClose={onClose}>
			<div className="overflow-y-auto px-5 pt-4 pb-5">
				{isMe ? (
					<ProfileForm person={person} onDone={onClose} />
				) : (
					<>
						<div className="flex items-center gap-4 pe-8 pt-1">
							<Avatar id={person.id} name={person.name} size="lg" />
							<div className="min-w-0">
								<p className="truncate font-semibold text-lg tracking-[-0.01em]">{person.name}</p>
								<p className="flex items-center gap-2 text-sm text-text-muted">
									{person.bot ? <BotBadge /> : ROLES[person.role]}
									{person.deactivatedAt !== undefined && <Badge tone="danger">Account closed</Badge>}
								</p>
							</div>
						</div>
						{status && (
							<p className="mt-4 rounded-md bg-sunken px-3 py-2 text-sm">
								{status.emoji} {status.text}
								{status.until !== undefined && (
									<span className="ps-2 text-text-faint">until {clockOf(status.until)}</span>
								)}
							</p>
						)}
						<Actions person={person} onClose={onClose} />
					</>
				)}
			</div>
		</Dialog>
	);
}

const ROLES = { owner: "Owner of this server", member: "Member", guest: "Guest" } as const;

function Actions({ person, onClose }: { person: PersonRow; onClose: () => void }) {
	const { me, directory } = useLive();
	const { isBusy, error, run } = useAct();
	const [isClosing, setClosing] = useState(false);
	const [refusal, setRefusal] = useState<string | null>(null);
	const [resetLink, setResetLink] = useState<string | null>(null);
	const router = useRouter();
	const isActive = person.deactivatedAt === undefined;
	return (
		<>
			<div className="mt-5 flex flex-wrap gap-2">
				{isActive && me.role !== "guest" && (
					<Button
						variant="primary"
						isBusy={isBusy}
						onClick={() =>
							run(async () => {
								const { roomId } = await directory.openDirect([person.id]);
								onClose();
								router.push(`/r/${roomId}`);
							})
						}
					>
						<MessageCircle className="size-4" aria-hidden="true" />
						Message
					</Button>
				)}
				{me.role === "owner" && person.bot && <ButtonLink href="/bots">Bots</ButtonLink>}
				{me.role === "owner" && !person.bot && !isActive && (
					<Button variant="primary" onClick={async () => setRefusal(await accountCalls.setActive(person.id, true))}>
						Open account again
					</Button>
				)}
			</div>
			{me.role === "owner" && !person.bot && isActive && (
				<section aria-label="Account" className="mt-5 flex flex-wrap gap-2 border-line border-t pt-4">
					<Button
						size="sm"
						onClick={async () => {
							const made = await accountCalls.resetLink(person.id);
							setResetLink(made.url);
							setRefusal(made.refusal);
						}}
					>
						Link for a new password
					</Button>
					<Button size="sm" onClick={() => setClosing(true)}>
						Close account…
					</Button>
				</section>
			)}
			{resetLink !== null && (
				<div className="mt-4">
					<CopyField label="Link" value={resetLink} note="Give it to them yourself. It is not shown again." />
				</div>
			)}
			{(error ?? refusal) !== null && (
				<p role="alert" className="mt-3 text-danger-text text-sm">
					{error ?? refusal}
				</p>
			)}
			{isClosing && (
				<Confirm
					question={{
						title: `Close ${person.name}'s account?`,
						description:
							"They are signed out everywhere at once and cannot sign in. What they wrote stays. You can open it again.",
						act: "Close account",
						onAct: () => accountCalls.setActive(person.id, false),
					}}
					onClose={() => setClosing(false)}
				/>
			)}
		</>
	);
}
