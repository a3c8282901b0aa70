/** JSON text over several lines; what is cut in the middle of a value as it came. */
export function prettyJson(json: string): string {
	try {
		return JSON.stringify(JSON.parse(json), null, 2);
	} catch {
		return json; // capped
	}
}
