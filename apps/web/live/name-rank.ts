/** Of a name that does not begin with what was written, nor does any word of it. */
export const NO_MATCH = 2;

/** How near a name is to what was written of it, both in lower case: one that begins so comes before one of whose words does. */
export function rankOf(name: string, begun: string): number {
	if (name.startsWith(begun)) return 0;
	return name.split(/[\s._-]+/u).some((word) => word.startsWith(begun)) ? 1 : NO_MATCH;
}
