"use client";
import { DirectoryStore } from "@bullpen/client/directory-store";
import { InboxStore } from "@bullpen/client/inbox-store";
import { createTicketedClient, type TicketedClient } from "@bullpen/client/ticketed-client";
import { fetchTickets, Tickets } from "@bullpen/client/tickets";
import type { ServerRole } from "@bullpen/domain/identity";
import { createRivetKitWithClient } from "@rivetkit/react";
import { createContext, type ReactNode, use, useState } from "react";
import { LinkStates } from "./link-states.ts";

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
	/** Where sends are kept that a reload must not lose; absent while the server renders. */
	storage: Storage | undefined;
}

const makeRivet = (client: TicketedClient) => createRivetKitWithClient(client.rivet);

function makeLive(me: Me, url: string): Live {
	const client = createTicketedClient({ url, tickets: new Tickets({ getTickets: fetchTickets(url) }) });
	return {
		me,
		client,
		rivet: makeRivet(client),
		links: new LinkStates(),
		directory: new DirectoryStore(),
		inbox: new InboxStore({ drafts: { storage: draftStorage, key: `bullpen.drafts.${me.id}` } }),
		storage: typeof window === "undefined" ? undefined : window.sessionStorage,
	};
}

/** Asked for with each use: a page may be forbidden to look at it at all, and a server has none. */
const draftStorage = {
	getItem: (key: string) => (typeof window === "undefined" ? null : window.localStorage.getItem(key)),
	setItem: (key: string, value: string) => window.localStorage.setItem(key, value),
};

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
