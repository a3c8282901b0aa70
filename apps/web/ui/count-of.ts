/** `1 file`, `1,203 files`. */
export const countOf = (count: number, noun: string): string =>
	`${count.toLocaleString()} ${noun}${count === 1 ? "" : "s"}`;
