"use client";
import { Bot, Plus } from "lucide-react";
import { useState } from "react";
import { useLive } from "../../live/live.tsx";
import { useTitle } from "../../live/use-title.ts";
import { Avatar } from "../../ui/avatar.tsx";
import { Badge } from "../../ui/badge.tsx";
import { Blank } from "../../ui/blank.tsx";
import { Button } from "../../ui/button.tsx";
import { fetched } from "../../ui/fetched.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { SkeletonRows } from "../../ui/skeleton.tsx";
import { clockOf, dayLabelOf } from "../../ui/time.ts";
import { useNow } from "../../ui/use-now.ts";
import { scopeWords } from "./scopes.tsx";
import { type ShownBot, useBots } from "./use-bots.ts";

const BotDialog = fetched(() => import("./bot-dialog.tsx"));
const NewBotDialog = fetched(() => import("./new-bot-dialog.tsx"));

/** Programs that take part, for owners of the server. */
export function BotsScreen() {
	const { me } = useLive();
	useTitle("Bots");
	if (me.role === "owner") return <OwnersBots />;
	return (
		<>
			<PageHeader icon={<Bot />} title="Bots" />
			<Blank icon={<Bot />} isPage={false} title="This is for owners of the server" />
		</>
	);
}

function OwnersBots() {
	const { data, reload } = useBots();
	const [openId, setOpenId] = useState<string | null>(null);
	const [isMaking, setMaking] = useState(false);
	const bots = data.phase === "ready" ? data.bots : [];
	const opened = bots.find(({ userId }) => userId === openId);
	const make = (
		<Button size="sm" variant="primary" onClick={() => setMaking(true)}>
			<Plus className="size-3.5" aria-hidden="true" />
			New bot
		</Button>
	);
	return (
		<>
			<PageHeader icon={<Bot />} title="Bots" subtitle="Programs that take part in rooms">
				{bots.length > 0 && make}
			</PageHeader>
			<div className="min-h-0 flex-1 overflow-y-auto">
				<div className="mx-auto flex min-h-full w-full max-w-180 flex-col px-4 pt-5 pb-16 md:px-6">
					{data.phase === "loading" && <SkeletonRows label="Loading bots" count={3} />}
					{data.phase === "failed" && (
						<p role="alert" className="flex flex-wrap items-center gap-3 text-sm">
							The bots could not be loaded: {data.why}
							<Button size="sm" onClick={reload}>
								Try again
							</Button>
						</p>
					)}
					{data.phase === "ready" && bots.length === 0 && (
						<Blank icon={<Bot />} isPage={false} title="No bots yet" actions={make}>
							A bot is a member that a program speaks for: it answers questions, posts builds, reminds of things. It
							sees only the rooms it is invited to.
						</Blank>
					)}
					{bots.length > 0 && (
						<ul className="divide-y divide-line rounded-lg border border-line">
							{bots.map((bot) => (
								<BotRow key={bot.userId} bot={bot} onOpen={() => setOpenId(bot.userId)} />
							))}
						</ul>
					)}
				</div>
			</div>
			{opened && <BotDialog key={opened.userId} bot={opened} onChanged={reload} onClose={() => setOpenId(null)} />}
			{isMaking && <NewBotDialog onMade={reload} onClose={() => setMaking(false)} />}
		</>
	);
}

function BotRow({ bot, onOpen }: { bot: ShownBot; onOpen: () => void }) {
	return (
		<li>
			<button
				type="button"
				onClick={onOpen}
				className="flex min-h-14 w-full items-center gap-3 px-4 py-2.5 text-start transition-colors hover:bg-hover"
			>
				<Avatar id={bot.userId} name={bot.name} />
				<span className="min-w-0 flex-1">
					<span className="block truncate font-medium">{bot.name}</span>
					<span className="block truncate text-sm text-text-muted">{scopeWords(bot.scopes)}</span>
				</span>
				<span className="flex shrink-0 flex-col items-end gap-1 sm:flex-row sm:items-center sm:gap-3">
					<LastUse at={bot.usedAt} />
					{bot.isClosed ? <Badge>Closed</Badge> : bot.tokenMadeAt === null && <Badge tone="attention">No token</Badge>}
				</span>
			</button>
		</li>
	);
}

/** When a program last came with its token. */
export function LastUse({ at }: { at: number | null }) {
	const now = useNow(60_000);
	if (at === null) return <span className="text-text-faint text-xs">Never used</span>;
	const day = dayLabelOf(at, now);
	return (
		<time dateTime={new Date(at).toISOString()} className="text-text-faint text-xs">
			Used {day === "Today" ? `at ${clockOf(at)}` : day === "Yesterday" ? "yesterday" : day}
		</time>
	);
}
