"use client";
import type { WorkspaceTree } from "@bullpen/client/workspace-tree";
import { nameOfPath } from "@bullpen/domain/file-path";
import { useEffect, useState } from "react";
import { Spinner } from "../../../ui/spinner.tsx";
import { rasterType } from "./raster-type.ts";

/** A picture by its own bytes, whatever its name says. */
export function PictureFile({ tree, path, onLost }: { tree: WorkspaceTree; path: string; onLost: () => void }) {
	const [address, setAddress] = useState<string | null>(null);
	// biome-ignore lint/correctness/useExhaustiveDependencies: `onLost` is made anew with every drawing.
	useEffect(() => {
		let made: string | undefined;
		const stop = new AbortController();
		tree
			.download(path, { signal: stop.signal })
			.then(async (file) => {
				const type = rasterType(new Uint8Array(await file.slice(0, 16).arrayBuffer()));
				if (stop.signal.aborted) return;
				if (type === null) return onLost();
				made = URL.createObjectURL(new Blob([file], { type }));
				setAddress(made);
			})
			.catch(() => !stop.signal.aborted && onLost());
		return () => {
			stop.abort();
			if (made !== undefined) URL.revokeObjectURL(made);
		};
	}, [tree, path]);
	if (address === null) {
		return (
			<p role="status" className="flex items-center gap-2 p-4 text-sm text-text-faint">
				<Spinner /> Opening…
			</p>
		);
	}
	return (
		<div className="flex min-h-0 flex-1 items-center justify-center overflow-auto bg-sunken p-4">
			{/* biome-ignore lint/performance/noImgElement: a picture within the page's own data has nothing to be optimised. */}
			<img src={address} alt={nameOfPath(path)} onError={onLost} className="max-h-full max-w-full object-contain" />
		</div>
	);
}
