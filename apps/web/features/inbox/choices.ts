/** One line of the switcher. */
export type Choice =
	| ({ type: "room" } & ChoosableRoom)
	| { type: "workspace"; id: string; name: string; state: string | undefined }
	| { type: "person"; id: string; name: string }
	| { type: "create"; name: string }
	/** The same with more to say about it: who can enter, what it is for. */
	| { type: "new"; name: string }
	/** What was typed, looked for in messages. */
	| { type: "search"; name: string };

const CHOICES_MAX = 50;

interface ChoosableRoom {
	id: string;
	name: string;
	visibility?: "public" | "private" | "direct";
	isMember: boolean;
	unread: number;
	/** Of the unread, those that call on us. */
	calls?: number;
	/** The only other person of a direct room. */
	otherId?: string | undefined;
}

export interface Choosable {
	rooms: readonly ChoosableRoom[];
	workspaces: ReadonlyArray<{ id: string; name: string; state?: string | undefined }>;
	/** Others who can be written to. */
	people: ReadonlyArray<{ id: string; name: string }>;
}

/**
 * What fits the words typed so far: names that begin with them before names that contain them, and a room of that very
 * name to be made when there is none. Last of all the words themselves, to be looked for in messages.
 */
export function choicesFor(query: string, { rooms, workspaces, people }: Choosable): Choice[] {
	const name = query.trim().replace(/^#/, "").trim();
	const wanted = fold(name);
	const all: Choice[] = [
		...rooms.map((room) => ({ type: "room", ...room }) as const),
		...workspaces.map(({ id, name, state }) => ({ type: "workspace", id, name, state }) as const),
	];
	if (wanted === "") return all.sort(unreadFirst).slice(0, CHOICES_MAX);
	const found = [...all, ...people.map(({ id, name }) => ({ type: "person", id, name }) as const)]
		.map((choice) => ({ choice, rank: rankOf(fold(choice.name), wanted) }))
		.filter(({ rank }) => rank < NO_MATCH)
		.sort((a, b) => a.rank - b.rank)
		.map(({ choice }) => choice)
		.slice(0, CHOICES_MAX);
	const isTaken = rooms.some((room) => room.visibility !== "direct" && fold(room.name) === wanted);
	const search = { type: "search", name: query.trim() } as const;
	return isTaken ? [...found, search] : [...found, { type: "create", name }, { type: "new", name }, search];
}

const callsOf = (choice: Choice) => (choice.type === "room" ? (choice.calls ?? 0) : 0);
const hasUnread = (choice: Choice) => Number(choice.type === "room" && choice.unread > 0);
/** Those that call on us before those that say something; everything else stays in its order. */
const unreadFirst = (a: Choice, b: Choice): number => callsOf(b) - callsOf(a) || hasUnread(b) - hasUnread(a);

const fold = (text: string) => text.normalize("NFKC").toLowerCase();

const NO_MATCH = 4;

function rankOf(name: string, wanted: string): number {
	if (name === wanted) return 0;
	if (name.startsWith(wanted)) return 1;
	if (name.split(/[\s_-]+/).some((word) => word.startsWith(wanted))) return 2;
	return name.includes(wanted) ? 3 : NO_MATCH;
}
