/**
 * A value as RivetKit's JSON encoding (2.3.19) writes it: JSON, with signs such as `["$BigInt","7"]` for what JSON has no word
 * for. Text passes through RivetKit's runner many times faster than values do, which it reads and writes one by one.
 */
export const jsonText = (value: unknown): string => JSON.stringify(isPlain(value) ? value : signed(value));

/** Whether JSON alone says it, and says nothing that looks like a sign. */
function isPlain(value: unknown): boolean {
	if (value === null || typeof value === "string" || typeof value === "number" || typeof value === "boolean")
		return true;
	if (Array.isArray(value)) return !looksSigned(value) && value.every(isPlain);
	if (!isRecord(value)) return false;
	for (const field of Object.values(value)) if (!isPlain(field)) return false;
	return true;
}

function signed(value: unknown): unknown {
	if (value === undefined) return ["$Undefined", 0];
	if (typeof value === "bigint") return ["$BigInt", value.toString()];
	if (value instanceof ArrayBuffer) return ["$ArrayBuffer", Buffer.from(value).toString("base64")];
	if (value instanceof Uint8Array) return ["$Uint8Array", Buffer.from(value).toString("base64")];
	if (value instanceof Set) return ["$Set", [...value].map(signed)];
	if (Array.isArray(value)) return looksSigned(value) ? [`$${value[0]}`, signed(value[1])] : value.map(signed);
	if (!isRecord(value)) return value;
	return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, signed(field)]));
}

const looksSigned = (list: readonly unknown[]): list is [string, unknown] =>
	list.length === 2 && typeof list[0] === "string" && list[0].startsWith("$");

function isRecord(value: unknown): value is Record<string, unknown> {
	if (typeof value !== "object" || value === null) return false;
	const prototype: unknown = Object.getPrototypeOf(value);
	return prototype === Object.prototype || prototype === null;
}
