import type { ThreadSummary } from "@bullpen/domain/message";
import type { PersonOf } from "../../live/person.ts";
import { AvatarStack } from "../../ui/avatar.tsx";
import { clockOf, dayLabelOf, dayOf, fullTimeOf } from "../../ui/time.ts";

interface ThreadLineProps {
	thread: ThreadSummary;
	personOf: PersonOf;
	onOpen: () => void;
}

/** Under a message: the thread that began with it. */
export function ThreadLine({ thread, personOf, onOpen }: ThreadLineProps) {
	if (thread.count === 0) return null;
	return (
		<button
			type="button"
			onClick={onOpen}
			className="-ms-1.5 mt-1 mb-0.5 flex max-w-full items-center gap-2 rounded-md px-1.5 py-1 text-sm transition-colors hover:bg-raised hover:shadow-low pointer-coarse:min-h-11"
		>
			<AvatarStack people={thread.userIds.slice(0, 3).map(personOf)} max={3} />
			<span className="shrink-0 font-medium text-accent-text">{repliesWords(thread.count)}</span>
			<time
				dateTime={new Date(thread.lastAt).toISOString()}
				title={fullTimeOf(thread.lastAt)}
				className="truncate text-text-faint text-xs"
			>
				Last {lastWords(thread.lastAt)}
			</time>
		</button>
	);
}

const repliesWords = (count: number): string => (count === 1 ? "1 reply" : `${count.toLocaleString()} replies`);

const lastWords = (at: number): string => {
	const now = Date.now();
	return dayOf(at) === dayOf(now) ? `at ${clockOf(at)}` : dayLabelOf(at, now).replace(/^Yesterday/, "yesterday");
};
