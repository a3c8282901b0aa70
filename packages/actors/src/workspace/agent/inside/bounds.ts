import type { Limits } from "@bullpen/domain/limits";

/** The limits as the program in the sandbox takes them. */
export const insideBounds = (limits: Limits) => ({
	listMax: limits.filesListMax,
	scanMax: limits.filesScanMax,
	chunkBytes: limits.fileChunkBytesMax,
	textBytes: limits.fileTextBytesMax,
	uploadBytes: limits.fileUploadBytesMax,
	downloadBytes: limits.fileDownloadBytesMax,
	filesMax: limits.changesFilesMax,
	fileBytesMax: limits.changesFileBytesMax,
	nestedMax: limits.changesNestedMax,
	changedMax: limits.changedFilesMax,
	diffBytes: limits.diffBytesMax,
	patchBytes: limits.patchBytesMax,
});
