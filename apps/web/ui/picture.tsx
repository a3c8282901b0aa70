"use client";
import { ImageOff } from "lucide-react";
import { useEffect, useState } from "react";

interface PictureProps {
	label: string;
	/** In pixels: its place is kept while it loads. */
	width: number;
	height: number;
	/** A `data:` address of a raster image. */
	load: () => Promise<string>;
}

/** A picture that is fetched when it is drawn. Never wider than its column nor taller than most of a screen. */
export function Picture({ label, width, height, load }: PictureProps) {
	const [source, setSource] = useState<string | null>(null);
	const [isLost, setLost] = useState(false);
	// biome-ignore lint/correctness/useExhaustiveDependencies: what is loaded never changes; `load` is made anew with every drawing.
	useEffect(() => {
		let isCurrent = true;
		load().then(
			(address) => isCurrent && setSource(address),
			() => isCurrent && setLost(true),
		);
		return () => {
			isCurrent = false;
		};
	}, []);
	if (isLost) {
		return (
			<p className="flex items-center gap-2 text-sm text-text-muted">
				<ImageOff className="size-4" aria-hidden="true" /> {label} is not kept any more.
			</p>
		);
	}
	return (
		<div
			className="max-h-[60vh] max-w-full overflow-hidden rounded-md bg-sunken ring-1 ring-line ring-inset"
			style={{ aspectRatio: `${width} / ${height}`, width: `min(100%, ${width}px, calc(60vh * ${width / height}))` }}
		>
			{source !== null && (
				// biome-ignore lint/performance/noImgElement: a picture within the page's own data has nothing to be optimised.
				<img
					src={source}
					alt={label}
					width={width}
					height={height}
					onError={() => setLost(true)}
					className="size-full object-contain"
				/>
			)}
		</div>
	);
}
