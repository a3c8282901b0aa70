/** Closes a `switch`: the type checker proves that no case is left. */
export function unreachable(value: never): never {
	throw new Error(`unreachable: ${JSON.stringify(value)}`);
}
