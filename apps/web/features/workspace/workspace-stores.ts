"use client";
import { WorkspaceStore } from "@bullpen/client/workspace-store";
import { useState } from "react";
import { useLive } from "../../live/live.tsx";
import { perLive } from "../../live/per-live.ts";
import { StoreCache } from "../../live/store-cache.ts";

const workspaceStores = perLive(
	({ me, storage }) => new StoreCache((workspaceId) => new WorkspaceStore({ workspaceId, userId: me.id, storage })),
);

/** The one store of a workspace on this page, whoever asks for it. Mount it with a `key` of the workspace's. */
export function useWorkspaceStore(workspaceId: string): WorkspaceStore {
	const live = useLive();
	const [store] = useState(() => workspaceStores(live).get(workspaceId));
	return store;
}
