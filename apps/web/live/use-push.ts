"use client";
import { useSyncExternalStore } from "react";
import { useLive } from "./live.tsx";
import { perLive } from "./per-live.ts";
import { Push } from "./push.ts";
import type { PushState } from "./push-device.ts";

const pushOf = perLive(({ me }) => new Push(me.id));

/** Whether this browser is told while nobody looks at it, and what can be done about that. */
export function usePush(): { readonly push: Push; readonly state: PushState } {
	const push = pushOf(useLive());
	return { push, state: useSyncExternalStore(push.subscribe, push.getSnapshot, push.getSnapshot) };
}
