"use client";
import { DirectoryStore } from "@bullpen/client/directory-store";
import { InboxStore } from "@bullpen/client/inbox-store";
import { RoomStore } from "@bullpen/client/room-store";
import { createTicketedClient, type TicketedClient } from "@bullpen/client/ticketed-client";
import { fetchTickets, Tickets } from "@bullpen/client/tickets";
import { WorkspaceStore } from "@bullpen/client/workspace-store";
import type { ServerRole } from "@bullpen/domain/identity";
import { createRivetKitWithClient } from "@rivetkit/react";
import { createContext, type ReactNode, use, useState } from "react";
import { LinkStates } from "./link-states.ts";
import { StoreCache } from "./store-cache.ts";

/** Whoever is signed in on this page. */
export interface Me {
	id: string;
	name: string;
	role: ServerRole;
}

/** Everything of this page that outlives its connections. */
export interface Live {
	me: Me;
	client: TicketedClient;
	rivet: ReturnType<typeof makeRivet>;
	links: LinkStates;
	directory: DirectoryStore;
	inbox: InboxStore;
	rooms: StoreCache<RoomStore>;
	workspaces: StoreCache<WorkspaceStore>;
}

/** Stores of screens that were looked at lately: coming back shows them at once and only reads what was missed. */
const STORES_KEPT = 12;

const makeRivet = (client: TicketedClient) => createRivetKitWithClient(client.rivet);

function makeLive(me: Me, url: string): Live {
	const client = createTicketedClient({ url, tickets: new Tickets({ getTickets: fetchTickets(url) }) });
	const sender = { userId: me.id, ...(typeof window !== "undefined" && { storage: window.sessionStorage }) };
	return {
		me,
		client,
		rivet: makeRivet(client),
		links: new LinkStates(),
		directory: new DirectoryStore(),
		inbox: new InboxStore(),
		rooms: new StoreCache((roomId) => new RoomStore({ roomId, ...sender }), STORES_KEPT),
		workspaces: new StoreCache((workspaceId) => new WorkspaceStore({ workspaceId, ...sender }), STORES_KEPT),
	};
}

const LiveContext = createContext<Live | null>(null);

/** `url` is what people open: pages, tickets and actors all lie behind it. */
export function LiveProvider({ me, url, children }: { me: Me; url: string; children: ReactNode }) {
	const [live] = useState(() => makeLive(me, url));
	return <LiveContext value={live}>{children}</LiveContext>;
}

export function useLive(): Live {
	const live = use(LiveContext);
	if (live === null) throw new Error("This has to be inside a LiveProvider.");
	return live;
}
