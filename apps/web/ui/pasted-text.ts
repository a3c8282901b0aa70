/**
 * Whether text that was copied together with files is what is meant: programs put a picture of copied cells and the like
 * beside their text. The text beside files that were copied in a folder is but their names.
 */
export const isTextMeant = (text: string, files: readonly { readonly name: string }[]): boolean =>
	text.trim() !== "" && !files.every(({ name }) => text.includes(name));
