import type { Limits } from "@bullpen/domain/limits";
import type { AuditAct } from "@bullpen/domain/permission";
import type { WorkspaceFeedRow } from "@bullpen/domain/workspace";
import type { Audience } from "../audience.ts";
import type { Draft } from "../feed-draft.ts";
import type { FeedWriter } from "../feed-writer.ts";
import type { Frame } from "../frame.ts";
import type { Extra } from "./store/feed.ts";

export type WorkspaceDraft = Draft<WorkspaceFeedRow, Extra>;

/** What every part of one workspace shares. */
export interface Scope {
	/** RivetKit's context: database, alarms and log. Live connections are the audience's. */
	readonly frame: Pick<Frame<unknown>, "db" | "schedule" | "log" | "keepAwake" | "destroy">;
	readonly audience: Audience<"workspace">;
	readonly writer: FeedWriter<WorkspaceFeedRow, Extra>;
	readonly limits: Limits;
	/** Unix ms. */
	now(): number;
	/** A new random id: `t-…`. */
	newId(prefix: "p" | "t" | "q" | "r" | "a" | "f"): string;
}

/** Adds a line to the audit list, with the commit that makes it true. */
export const putAct = (scope: Pick<Scope, "now" | "newId">, draft: WorkspaceDraft, act: AuditAct): void =>
	draft.note(`audit ${scope.newId("a")}`, { type: "audit", at: scope.now(), act });

/** Logs what went wrong in work that nobody waits for. */
export const report =
	(scope: Scope, what: string) =>
	(error: unknown): void => {
		scope.frame.log.error({ msg: what, error: error instanceof Error ? error.stack : String(error) });
	};
