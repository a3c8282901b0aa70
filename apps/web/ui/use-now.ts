"use client";
import { useEffect, useState } from "react";

/** The time, again every `everyMs` while `isActive`. For countdowns and durations. */
export function useNow(everyMs: number, isActive = true): number {
	const [now, setNow] = useState(() => Date.now());
	useEffect(() => {
		if (!isActive) return;
		setNow(Date.now());
		const timer = setInterval(() => setNow(Date.now()), everyMs);
		return () => clearInterval(timer);
	}, [everyMs, isActive]);
	return now;
}
