/** Joins class names, leaving out what is absent. */
export function cx(...names: ReadonlyArray<string | false | null | undefined>): string {
	return names.filter(Boolean).join(" ");
}
