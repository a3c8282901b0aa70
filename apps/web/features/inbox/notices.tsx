"use client";
import type { Notified } from "@bullpen/domain/inbox";
import { withNames } from "@bullpen/domain/mention";
import { Bot, X } from "lucide-react";
import { usePathname, useRouter } from "next/navigation";
import { useCallback, useEffect, useRef, useState } from "react";
import { useLive } from "../../live/live.tsx";
import { roomLabel } from "../../live/room-name.ts";
import { usePeople } from "../../live/use-people.ts";
import { usePush } from "../../live/use-push.ts";
import { Avatar } from "../../ui/avatar.tsx";
import { IconButton } from "../../ui/button.tsx";
import { Link } from "../../ui/link.tsx";

/** What one notice says, and where it leads. One place has one notice: a newer one takes the place of the older. */
interface Notice {
	place: string;
	href: string;
	title: string;
	text: string;
	sender: { id: string; name: string } | null;
	at: number;
}

const SHOWN_MS = 8_000;
const SHOWN_MAX = 3;

/**
 * Tells of what somebody wants to be told of, on this device: here while the page is looked at, by the system while it is
 * not, unless the device is pushed to anyway. Nothing is said of the room that is on the screen.
 */
export function Notices() {
	const { inbox } = useLive();
	const [shown, setShown] = useState<readonly Notice[]>([]);
	const { push } = usePush();
	const wordsOf = useNoticeWords();
	const path = usePathname();
	const router = useRouter();
	const current = useRef({ path, wordsOf });
	useEffect(() => {
		current.current = { path, wordsOf };
	});
	const drop = useCallback((notice: Notice) => setShown((all) => all.filter((one) => one !== notice)), []);
	useEffect(() => {
		const timers = new Set<ReturnType<typeof setTimeout>>();
		const stop = inbox.onNotified((notified) => {
			const notice = current.current.wordsOf(notified);
			const isLookedAt = document.visibilityState === "visible" && document.hasFocus();
			if (isLookedAt && notice.place === current.current.path) return;
			if (!isLookedAt && (push.getSnapshot().phase === "on" || tellBySystem(notice, () => router.push(notice.href))))
				return;
			if (notified.about === "workspace" && notified.reason === "done") return; // its dot in the sidebar says so
			setShown((all) => [...all.filter((one) => one.place !== notice.place), notice].slice(-SHOWN_MAX));
			timers.add(setTimeout(() => drop(notice), SHOWN_MS));
		});
		return () => {
			stop();
			for (const timer of timers) clearTimeout(timer);
		};
	}, [inbox, push, router, drop]);
	const seen = shown.filter((notice) => notice.place !== path);
	return (
		<section
			aria-label="New for you"
			aria-live="polite"
			className="pointer-events-none fixed end-3 top-[calc(env(safe-area-inset-top)+4.25rem)] z-50 flex w-80 max-w-[calc(100vw-1.5rem)] flex-col gap-2"
		>
			{seen.map((notice) => (
				<NoticeCard key={notice.place} notice={notice} onClose={() => drop(notice)} />
			))}
		</section>
	);
}

function NoticeCard({ notice, onClose }: { notice: Notice; onClose: () => void }) {
	return (
		<div className="pointer-events-auto relative rounded-lg bg-raised shadow-high animate-rise">
			<Link href={notice.href} onClick={onClose} className="flex gap-3 rounded-lg p-3 pe-10">
				{notice.sender === null ? (
					<span className="flex size-9 shrink-0 items-center justify-center rounded-md bg-attention-soft text-attention-text">
						<Bot className="size-4.5" aria-hidden="true" />
					</span>
				) : (
					<Avatar id={notice.sender.id} name={notice.sender.name} />
				)}
				<span className="min-w-0">
					<span className="block truncate font-semibold text-sm">{notice.title}</span>
					<span className="line-clamp-2 break-words text-sm text-text-muted">{notice.text}</span>
				</span>
			</Link>
			<div className="absolute end-1.5 top-1.5">
				<IconButton label="Dismiss" tip="none" onClick={onClose}>
					<X />
				</IconButton>
			</div>
		</div>
	);
}

function useNoticeWords(): (notified: Notified) => Notice {
	const { me, inbox } = useLive();
	const personOf = usePeople(NOBODY);
	return useCallback(
		(notified) => {
			if (notified.about === "workspace") {
				const href = `/w/${notified.workspaceId}`;
				const text = notified.reason === "needsYou" ? "The agent needs an answer." : "The agent is done.";
				return { place: href, href, title: notified.name, text, sender: null, at: notified.at };
			}
			const { roomId, name, seq, sender: id, reason, text, at } = notified;
			const visibility = inbox.room(roomId)?.visibility ?? (reason === "direct" ? "direct" : "public");
			const sender = { id, name: personOf(id).name };
			const where = visibility === "direct" ? "" : ` in ${roomLabel({ name, visibility }, me.id, personOf)}`;
			return {
				place: `/r/${roomId}`,
				href: `/r/${roomId}?m=${seq}`,
				title: `${sender.name}${where}`,
				text: withNames(text, (userId) => personOf(userId).name),
				sender,
				at,
			};
		},
		[me.id, inbox, personOf],
	);
}

/** False where the system may not, or cannot, be asked to tell. */
function tellBySystem({ place, title, text }: Notice, open: () => void): boolean {
	if (typeof Notification === "undefined" || Notification.permission !== "granted") return false;
	try {
		const shown = new Notification(title, { body: text, tag: place, icon: "/icon.svg" });
		shown.onclick = () => {
			window.focus();
			shown.close();
			open();
		};
		return true;
	} catch {
		return false; // Chrome on Android tells by service workers alone
	}
}

const NOBODY: ReadonlySet<string> = new Set();
