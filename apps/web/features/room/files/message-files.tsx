import type { MessageAttachment } from "@bullpen/domain/message-attachment";
import type { ComponentProps } from "react";
import { isPicture } from "../../../live/files-words.ts";
import { cx } from "../../../ui/cx.ts";
import { fetched } from "../../../ui/fetched.tsx";
import { visibleText } from "../../../ui/visible-text.ts";
import { isCut, pictureBox, tileRatio } from "./picture-box.ts";

const PictureTile = fetched(() => import("./picture-tile.tsx"));
const FileRow = fetched(() => import("./file-row.tsx"));

interface MessageFilesProps {
	files: readonly MessageAttachment[];
	/** Of the message they came with; null while that is on its way. */
	messageId: number | null;
	/** Several small ones, where the message is one of many in a narrow list. */
	isSmall?: boolean;
}

/** The files of a message: pictures as they are, everything else by its name. */
export function MessageFiles({ files, messageId, isSmall = false }: MessageFilesProps) {
	const pictures = files.filter(isPicture);
	const others = files.filter((file) => !isPicture(file));
	const [only] = pictures;
	const isAlone = pictures.length === 1 && !isSmall;
	return (
		<div className="max-w-200 space-y-1.5 py-1">
			{isAlone && only && <Tile picture={only} messageId={messageId} style={aloneStyle(only)} />}
			{pictures.length > 0 && !isAlone && (
				<ul
					aria-label="Pictures"
					className={cx("flex flex-wrap gap-1.5", isSmall ? "[--tile:3.5rem]" : "[--tile:7rem] md:[--tile:10rem]")}
				>
					{pictures.map((picture) => (
						<li key={picture.id} className="max-w-full">
							<Tile
								picture={picture}
								messageId={messageId}
								fit={isCut(picture) ? "cut" : "asItIs"}
								style={{ height: "var(--tile)", width: `calc(var(--tile) * ${tileRatio(picture)})` }}
							/>
						</li>
					))}
				</ul>
			)}
			{others.length > 0 && (
				<ul aria-label="Files" className="flex flex-wrap gap-1.5">
					{others.map((file) => (
						<li key={file.id} className="max-w-full">
							<Row file={file} isPending={messageId === null} />
						</li>
					))}
				</ul>
			)}
		</div>
	);
}

function Tile(props: ComponentProps<typeof PictureTile>) {
	const place = <div className="max-w-full rounded-md bg-sunken" style={props.style} />;
	return <PictureTile place={place} instead={place} {...props} />;
}

function Row(props: ComponentProps<typeof FileRow>) {
	const place = (
		<div className="flex h-12 w-72 max-w-full items-center rounded-md bg-raised px-3 shadow-low">
			<span className="truncate font-medium text-sm">{visibleText(props.file.name)}</span>
		</div>
	);
	return <FileRow place={place} instead={place} {...props} />;
}

/** On a narrow screen the place shrinks with its proportions kept. */
function aloneStyle(picture: Parameters<typeof pictureBox>[0]) {
	const { width, height } = pictureBox(picture);
	return { width, aspectRatio: `${width} / ${height}` };
}
