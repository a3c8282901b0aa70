/** Whether two things have the same under each name. */
export function isSameShallow<Thing extends object>(a: Thing, b: Thing): boolean {
	if (a === b) return true;
	const names = Object.keys(a);
	return names.length === Object.keys(b).length && names.every((name) => Object.is(at(a, name), at(b, name)));
}

const at = (thing: object, name: string): unknown => (name in thing ? Reflect.get(thing, name) : undefined);
