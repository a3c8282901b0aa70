import { randomUUID } from "node:crypto";
import type { FeedBatch } from "@bullpen/domain/feed";
import type { Limits } from "@bullpen/domain/limits";
import type { WorkspaceFeedRow } from "@bullpen/domain/workspace";
import { Audience } from "../audience.ts";
import { FeedWriter } from "../feed-writer.ts";
import type { Frame } from "../frame.ts";
import { Relay } from "../relay/relay.ts";
import type { Entrance } from "./entrance.ts";
import type { Scope } from "./scope.ts";
import { workspaceStore } from "./store/feed.ts";
import { TypingSigns } from "./typing-signs.ts";

interface Options {
	readonly limits: Limits;
	readonly now: () => number;
	/** Made of the ground, and asked for late. */
	readonly entrance: () => Entrance;
	/** Before a commit of these rows. */
	readonly expect: (rows: readonly WorkspaceFeedRow[]) => Promise<void>;
	/** After it. */
	readonly publish: (batch: FeedBatch<WorkspaceFeedRow>) => void;
}

export interface Ground {
	readonly audience: Audience<"workspace">;
	readonly relay: Relay<"workspace">;
	readonly typing: TypingSigns;
	readonly scope: Scope;
}

/** What everything in a workspace stands on: who is connected, directly or through an edge, and the one writer. */
export function layGround(frame: Frame<unknown>, options: Options): Ground {
	const { limits, now, entrance, publish } = options;
	const audience: Audience<"workspace"> = new Audience(frame, {
		limits,
		now,
		onPresence: (userId, isOnline) => {
			if (!isOnline) typing.forget(userId);
			audience.broadcast("presence", { userId, isOnline });
		},
		mayHear: (person) => entrance().mayEnter(person),
	});
	const typing = new TypingSigns(audience, limits, now);
	const writer = new FeedWriter({
		store: workspaceStore(frame, limits, options.expect),
		limits,
		publish,
		pace: () => audience.pace(),
		keepAwake: (work) => frame.keepAwake(work),
	});
	const relay: Relay<"workspace"> = new Relay(frame, {
		limits,
		now,
		audience,
		receive: (person) => entrance().receive(person),
		arrived: (connection) => entrance().arrived(connection),
		head: async () => {
			const { version, floorSeq } = await writer.counters();
			return { name: "workspaceChanged", batch: { from: version, to: version, rows: [], floorSeq } };
		},
	});
	const newId = (prefix: string): string => `${prefix}-${randomUUID()}`;
	return { audience, relay, typing, scope: { frame, audience, writer, limits, now, newId } };
}
