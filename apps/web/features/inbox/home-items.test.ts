import { expect, test } from "vitest";
import { homeOf } from "./home-items.ts";
import type { SidebarRoom } from "./sidebar-data.ts";

const room = (id: string, fields: Partial<SidebarRoom>): SidebarRoom => ({
	...{ id, name: id, visibility: "public", unread: 0, calls: 0, headSeq: 9, readEpoch: 0, lastAt: 0 },
	...{ level: "mentions", isMuted: false, isHeard: true, hasDraft: false },
	...fields,
});
const keys = (items: readonly { key: string }[]) => items.map(({ key }) => key);

test("what calls comes first, then what is unread, the latest first, and nothing that is silenced", () => {
	const home = homeOf({
		isLoaded: true,
		rooms: [
			room("quiet", { lastAt: 9 }),
			room("older", { unread: 2, lastAt: 1 }),
			room("newer", { unread: 1, lastAt: 2 }),
			room("called", { unread: 3, calls: 1, lastAt: 3 }),
			room("muted", { unread: 3, calls: 1, isHeard: false }),
		],
		directs: [room("direct", { visibility: "direct", unread: 1, calls: 1, lastAt: 4 })],
		workspaces: [
			{ id: "idle", name: "idle", needsYou: false },
			{ id: "asks", name: "asks", needsYou: true },
		],
		threads: [{ room: { id: "newer", name: "newer" }, rootId: 3, unread: 2, firstSeq: 7, lastSeq: 9 }],
	});
	expect(keys(home.forMe)).toEqual(["workspace asks", "room direct", "room called"]);
	expect(home.threads).toMatchObject([{ key: "thread newer 3", href: "/r/newer?m=7&t=3" }]);
	expect(keys(home.unread)).toEqual(["room newer", "room older"]);
	expect(home.recent.map(({ id }) => id)).toEqual(["quiet"]);
});
