"use client";
import { ImageOff } from "lucide-react";
import { type KeyboardEvent, type MouseEvent, type TouchEvent, useRef, useState } from "react";
import { Button } from "./button.tsx";
import { cx } from "./cx.ts";
import { Spinner } from "./spinner.tsx";

export interface StagePicture {
	readonly label: string;
	/** In pixels. */
	readonly width: number;
	readonly height: number;
	/** Addresses of all of it, and of a smaller one to look at until that is there. */
	readonly whole: string;
	readonly small: string;
}

interface PictureStageProps {
	picture: StagePicture;
	/** How many pictures further. */
	onSwipe: (steps: 1 | -1) => void;
	/** Somebody pressed beside it. */
	onLeave: () => void;
}

const SWIPE_PX = 60;

/** One picture in all the space there is, never enlarged; pressed, it has its own size and can be scrolled. */
export function PictureStage({ picture, onSwipe, onLeave }: PictureStageProps) {
	const [state, setState] = useState<"loading" | "shown" | "failed">("loading");
	const [isFull, setFull] = useState(false);
	const [tries, setTries] = useState(0);
	const touched = useRef<{ x: number; y: number } | null>(null);
	const { width, height } = picture;
	const leave = (event: MouseEvent) => {
		if (event.target === event.currentTarget) onLeave();
	};
	const touchEnd = (event: TouchEvent) => {
		const from = touched.current;
		const to = event.changedTouches.item(0);
		touched.current = null;
		if (from === null || to === null || isFull || (window.visualViewport?.scale ?? 1) > 1) return;
		const across = to.clientX - from.x;
		if (Math.abs(across) > SWIPE_PX && Math.abs(across) > 2 * Math.abs(to.clientY - from.y))
			onSwipe(across < 0 ? 1 : -1);
	};
	if (state === "failed") {
		return (
			<div className="flex min-h-0 flex-1 flex-col items-center justify-center gap-3 p-6 text-center text-text-muted">
				<ImageOff className="size-8" aria-hidden="true" />
				<p role="alert">This picture could not be loaded.</p>
				<Button
					onClick={() => {
						setTries(tries + 1);
						setState("loading");
					}}
				>
					Try again
				</Button>
			</div>
		);
	}
	return (
		// biome-ignore lint/a11y/noStaticElementInteractions: pressing beside it and swiping are shortcuts; buttons and keys do the same.
		// biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes as well.
		<div
			className={cx("relative min-h-0 flex-1", isFull ? "overflow-auto" : "p-2 pt-0 md:px-16 md:pb-6")}
			onClick={leave}
			onTouchStart={({ touches }) => {
				const first = touches.item(0);
				touched.current = touches.length === 1 && first ? { x: first.clientX, y: first.clientY } : null;
			}}
			onTouchEnd={touchEnd}
		>
			{/* biome-ignore lint/a11y/noStaticElementInteractions lint/a11y/useKeyWithClickEvents: as above. */}
			<div
				className={cx(
					"flex items-center justify-center",
					isFull ? "min-h-full min-w-fit" : "size-full [container-type:size]",
				)}
				onClick={leave}
			>
				<button
					type="button"
					aria-pressed={isFull}
					aria-label={isFull ? "Fit to the screen" : "Show in its own size"}
					onKeyDown={(event) => isFull && keepArrows(event)}
					onClick={() => setFull(!isFull)}
					className={cx("relative block shrink-0 rounded-sm", isFull ? "cursor-zoom-out" : "cursor-zoom-in")}
					style={
						isFull
							? { width, height }
							: {
									aspectRatio: `${width} / ${height}`,
									width: `min(100cqw, ${width}px, calc(100cqh * ${width / height}))`,
								}
					}
				>
					{state === "loading" && (
						<>
							{/* biome-ignore lint/performance/noImgElement: as below. */}
							<img
								src={picture.small}
								alt=""
								className="absolute inset-0 size-full rounded-sm object-contain blur-xs"
							/>
							<span role="status" aria-label="Loading" className="absolute inset-0 flex items-center justify-center">
								<Spinner className="size-6" />
							</span>
						</>
					)}
					{/* biome-ignore lint/performance/noImgElement: it is wanted as it is. */}
					<img
						key={tries}
						src={picture.whole}
						alt={picture.label}
						draggable={false}
						onLoad={() => setState("shown")}
						onError={() => setState("failed")}
						className={cx("relative size-full rounded-sm object-contain", state === "loading" && "opacity-0")}
					/>
				</button>
			</div>
		</div>
	);
}

/** They scroll what is larger than the screen. */
function keepArrows(event: KeyboardEvent): void {
	if (event.key.startsWith("Arrow")) event.stopPropagation();
}
