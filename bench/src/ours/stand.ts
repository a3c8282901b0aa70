import type { Stand } from "../stand.ts";

export async function startOurs(): Promise<Stand> {
	throw new Error("waiting for the stack");
}
