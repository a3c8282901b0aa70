"use client";
import { ImageOff, RotateCw } from "lucide-react";
import { type CSSProperties, useEffect, useState } from "react";
import type { Picture } from "../../../live/files-words.ts";
import { cx } from "../../../ui/cx.ts";
import { sizeOf } from "../../../ui/size.ts";
import { visibleText } from "../../../ui/visible-text.ts";
import { fileAddress } from "./file-address.ts";
import { previewOf } from "./previews.ts";
import { useRoomFiles } from "./room-files.tsx";

interface PictureTileProps {
	picture: Picture;
	messageId: number | null;
	/** Its place, which it has before it is there. */
	style: CSSProperties;
	/** How it takes that place: all of it and as large as it goes, losing its edges to fill it, or never enlarged. */
	fit?: keyof typeof FITS;
}

const FITS = { whole: "object-contain", cut: "object-cover", asItIs: "object-scale-down" } as const;

/** `lost`: the server shows it to us no more. `failed`: it did not come this time. */
type Shown = "loading" | "shown" | "lost" | "failed";

/** A picture of a message: opens large, keeps its place while it loads, and says so when it does not come. */
export default function PictureTile({ picture, messageId, style, fit = "whole" }: PictureTileProps) {
	const { roomId, open } = useRoomFiles();
	const name = visibleText(picture.name);
	const { source, shown, tries, retry, onLoad, onError } = useSource(roomId, picture);
	const look = cx(
		"relative block max-w-full overflow-hidden rounded-md bg-sunken",
		"after:pointer-events-none after:absolute after:inset-0 after:rounded-md after:ring-1 after:ring-line after:ring-inset",
	);
	if (shown === "lost") {
		return (
			<p className={cx(look, "flex flex-col items-center justify-center gap-1 p-2 text-text-faint")} style={style}>
				<ImageOff className="size-5 shrink-0" aria-hidden="true" />
				<span className="max-w-full truncate text-xs">
					<span className="sr-only">{name}: </span>No longer available
				</span>
			</p>
		);
	}
	if (shown === "failed") {
		return (
			<button
				type="button"
				className={cx(look, "flex flex-col items-center justify-center gap-1 p-2 text-text-muted hover:bg-hover")}
				style={style}
				onClick={retry}
			>
				<RotateCw className="size-5 shrink-0" aria-hidden="true" />
				<span className="max-w-full truncate text-xs">
					<span className="sr-only">{name}: </span>Load again
				</span>
			</button>
		);
	}
	const image = (
		// biome-ignore lint/performance/noImgElement: the server makes thumbnails of its own, behind the message's permissions.
		<img
			key={tries}
			src={source}
			alt={messageId === null ? name : ""}
			draggable={false}
			loading="lazy"
			decoding="async"
			onLoad={onLoad}
			onError={onError}
			className={cx("size-full", FITS[fit], shown === "loading" && "animate-shimmer bg-selected")}
		/>
	);
	if (messageId === null) {
		return (
			<div className={look} style={style}>
				{image}
			</div>
		);
	}
	return (
		<button
			type="button"
			aria-label={`Open ${name}`}
			title={`${name}, ${sizeOf(picture.bytes)}`}
			className={cx(look, "cursor-zoom-in transition-opacity hover:opacity-90")}
			style={style}
			onClick={() => open(messageId, picture.id)}
		>
			{image}
		</button>
	);
}

/** A server that is restarting, or asks for patience, is asked again so often without anybody pressing. */
const TRIES_MAX = 4;
const TRY_AGAIN_MS = 1_500;

/** What this page sent itself it has already; everything else, and that once it is gone, is the server's. */
function useSource(roomId: string, picture: Picture) {
	const [shown, setShown] = useState<Shown>("loading");
	const [tries, setTries] = useState(0);
	const [own, setOwn] = useState(() => previewOf(picture.id));
	const address = fileAddress(roomId, picture.id, "thumbnail");
	const retry = () => {
		setShown("loading");
		setTries((before) => before + 1);
	};
	useEffect(() => {
		if (shown !== "failed") return;
		window.addEventListener("online", retry);
		const timer = tries < TRIES_MAX ? setTimeout(retry, TRY_AGAIN_MS * 2 ** tries) : undefined;
		return () => {
			window.removeEventListener("online", retry);
			clearTimeout(timer);
		};
	});
	const onError = async () => {
		if (own !== undefined) return setOwn(undefined);
		setShown((await isLost(address)) ? "lost" : "failed");
	};
	return { source: own ?? address, shown, tries, retry, onLoad: () => setShown("shown"), onError };
}

/** An image does not tell why it failed. */
async function isLost(address: string): Promise<boolean> {
	try {
		const { status } = await fetch(address, { method: "HEAD" });
		return status === 403 || status === 404 || status === 410;
	} catch {
		return false; // the server is out of reach
	}
}
