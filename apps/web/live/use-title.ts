"use client";
import { useEffect } from "react";

/** The page's title while this is mounted. */
export function useTitle(title: string): void {
	useEffect(() => {
		document.title = title === "" ? "Bullpen" : `${title} · Bullpen`;
	}, [title]);
}
