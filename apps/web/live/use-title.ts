"use client";
import { useEffect } from "react";

let title = "";
let waiting = 0;

/** The page's title while this is mounted. */
export function useTitle(text: string): void {
	useEffect(() => {
		title = text;
		show();
	}, [text]);
}

/** How much waits for us, in front of every title. */
export function useTitleCount(count: number): void {
	useEffect(() => {
		waiting = count;
		show();
	}, [count]);
}

function show(): void {
	const counted = waiting > 0 ? `(${waiting > 99 ? "99+" : waiting}) ` : "";
	document.title = `${counted}${title === "" ? "Bullpen" : `${title} · Bullpen`}`;
}
