/** Whether two things have the same under each name. */
export function isSameShallow<Thing extends object>(a: Thing, b: Thing): boolean {
	const entries = Object.entries(a);
	const isSame = ([name, value]: [string, unknown]): boolean => Object.is(value, Reflect.get(b, name));
	return a === b || (entries.length === Object.keys(b).length && entries.every(isSame));
}
