"use client";
import type { InboxShown } from "@bullpen/client/inbox-store";
import { usePathname, useRouter } from "next/navigation";
import { useEffect, useRef } from "react";
import { useLive } from "../../live/live.tsx";
import { usePush } from "../../live/use-push.ts";
import { isSettled } from "./settled.ts";

const CLOSE_MS = 300;

/**
 * This browser as a device of its person's: the server hears whether it is looked at, its service worker's clicks lead
 * somewhere, and what was read, here or elsewhere, does not stay on its screen.
 */
export function useDevice(): void {
	const { inbox } = useLive();
	const { push, state } = usePush();
	const router = useRouter();
	const path = useRef("");
	const current = usePathname();
	useEffect(() => {
		path.current = current;
	});
	useEffect(() => {
		void push.begin();
	}, [push]);

	const deviceId = state.phase === "on" ? state.deviceId : undefined;
	useEffect(() => {
		const tell = () => inbox.use.set({ isInUse: isLookedAt(), ...(deviceId === undefined ? {} : { deviceId }) });
		tell();
		return onLook(tell);
	}, [inbox, deviceId]);

	useEffect(() => {
		if (!("serviceWorker" in navigator)) return;
		const onMessage = ({ data, ports }: MessageEvent) => {
			if (data?.type !== "open" || typeof data.path !== "string" || !data.path.startsWith("/")) return;
			ports[0]?.postMessage("taken");
			router.push(data.path);
		};
		navigator.serviceWorker.addEventListener("message", onMessage);
		navigator.serviceWorker.startMessages();
		return () => navigator.serviceWorker.removeEventListener("message", onMessage);
	}, [router]);

	const isOn = state.phase === "on";
	useEffect(() => {
		if (!isOn) return;
		let timer: ReturnType<typeof setTimeout> | undefined;
		const soon = () => {
			clearTimeout(timer);
			timer = setTimeout(() => void closeSettled(inbox.getSnapshot(), path.current), CLOSE_MS);
		};
		soon();
		const stops = [inbox.subscribe(soon), onLook(soon)];
		return () => {
			clearTimeout(timer);
			for (const stop of stops) stop();
		};
	}, [inbox, isOn]);
}

const isLookedAt = (): boolean => document.visibilityState === "visible" && document.hasFocus();

/** Whenever this page may have begun or ceased to be looked at. */
function onLook(listener: () => void): () => void {
	const windowEvents = ["focus", "blur", "pagehide"] as const;
	document.addEventListener("visibilitychange", listener);
	for (const name of windowEvents) window.addEventListener(name, listener);
	return () => {
		document.removeEventListener("visibilitychange", listener);
		for (const name of windowEvents) window.removeEventListener(name, listener);
	};
}

/** Notifications of what was read, of what an agent does not wait for any more, and of the place that is looked at. */
async function closeSettled({ isLoaded, rooms, workspaces, calls }: InboxShown, path: string): Promise<void> {
	if (!isLoaded) return;
	if (calls === 0)
		await navigator.clearAppBadge?.().catch(() => undefined); // nothing depends on it
	else await navigator.setAppBadge?.(calls).catch(() => undefined);
	const registration = await navigator.serviceWorker.getRegistration("/");
	for (const notification of (await registration?.getNotifications()) ?? []) {
		const { tag, data } = notification;
		const told = { place: tag, seq: Number(data?.seq ?? 0) };
		if (isSettled(told, { rooms, workspaces }, isLookedAt() ? path : null)) notification.close();
	}
}
