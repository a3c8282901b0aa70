"use client";
import { Download, ExternalLink } from "lucide-react";
import type { Picture } from "../../../live/files-words.ts";
import { IconLink } from "../../../ui/button.tsx";
import { PictureViewer } from "../../../ui/picture-viewer.tsx";
import { sizeOf } from "../../../ui/size.ts";
import { clockOf, dayLabelOf } from "../../../ui/time.ts";
import { visibleText } from "../../../ui/visible-text.ts";
import { fileAddress } from "./file-address.ts";
import { previewOf } from "./previews.ts";

interface ViewerProps {
	roomId: string;
	pictures: readonly Picture[];
	shownId: string;
	author: string;
	/** Unix ms. */
	at: number;
	onShow: (fileId: string) => void;
	onClose: () => void;
}

/** The pictures of one message. */
export default function Viewer({ roomId, pictures, shownId, author, at, onShow, onClose }: ViewerProps) {
	const index = Math.max(
		0,
		pictures.findIndex(({ id }) => id === shownId),
	);
	const shown = pictures[index];
	if (shown === undefined) return null;
	const when = `${dayLabelOf(at, Date.now())}, ${clockOf(at)}`;
	return (
		<PictureViewer
			pictures={pictures.map(({ id, name, width, height, bytes }) => ({
				label: visibleText(name),
				detail: `${author} · ${when} · ${sizeOf(bytes)}`,
				width,
				height,
				whole: fileAddress(roomId, id, "whole"),
				small: previewOf(id) ?? fileAddress(roomId, id, "thumbnail"),
			}))}
			at={index}
			actions={
				<>
					<IconLink
						label={`Download ${visibleText(shown.name)}`}
						href={fileAddress(roomId, shown.id, "download")}
						download={shown.name}
					>
						<Download />
					</IconLink>
					<IconLink
						label="Open the original"
						href={fileAddress(roomId, shown.id, "whole")}
						target="_blank"
						rel="noreferrer"
					>
						<ExternalLink />
					</IconLink>
				</>
			}
			onShow={(next) => onShow(pictures[next]?.id ?? shownId)}
			onClose={onClose}
		/>
	);
}
