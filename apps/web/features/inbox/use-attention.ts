"use client";
import { useEffect } from "react";
import { useTitleCount } from "../../live/use-title.ts";

const SIZE = 64;
type Mark = "--color-attention" | "--color-accent";

/** What waits, on the tab: the number of calls in the title, a dot on the icon for anything unread, stronger for a call. */
export function useAttention(calls: number, hasUnread: boolean): void {
	useTitleCount(calls);
	const mark = calls > 0 ? "--color-attention" : hasUnread ? "--color-accent" : null;
	useEffect(() => {
		const icon = document.querySelector<HTMLLinkElement>('link[rel~="icon"]');
		if (icon === null) return;
		const plain = icon.dataset.plain ?? icon.href;
		icon.dataset.plain = plain;
		if (mark === null) {
			icon.href = plain;
			return;
		}
		let isCurrent = true;
		const image = new Image(SIZE, SIZE);
		image.onload = () => {
			if (isCurrent) icon.href = marked(image, mark) ?? plain;
		};
		image.src = plain;
		return () => {
			isCurrent = false;
		};
	}, [mark]);
}

/** The icon as it is, with a dot in its corner; null where a page cannot draw. */
function marked(image: HTMLImageElement, mark: Mark): string | null {
	const canvas = document.createElement("canvas");
	canvas.width = SIZE;
	canvas.height = SIZE;
	const pen = canvas.getContext("2d");
	if (pen === null) return null;
	const theme = getComputedStyle(document.documentElement);
	pen.drawImage(image, 0, 0, SIZE, SIZE);
	for (const [radius, fill] of [
		[18, "--color-surface"],
		[14, mark],
	] as const) {
		pen.beginPath();
		pen.arc(SIZE - 18, 18, radius, 0, 2 * Math.PI);
		pen.fillStyle = theme.getPropertyValue(fill);
		pen.fill();
	}
	return canvas.toDataURL("image/png");
}
