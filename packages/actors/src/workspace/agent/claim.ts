import { randomUUID } from "node:crypto";
import { link, readFile, rm, writeFile } from "node:fs/promises";

/**
 * Writes a file unless it is there, and gives what it holds: the same for everybody who asks, in whatever process, and never
 * half a text.
 */
export async function claim(path: string, text: string): Promise<string> {
	const half = `${path}.${randomUUID()}`;
	try {
		await writeFile(half, text, { mode: 0o600 });
		await link(half, path);
		return text;
	} catch (error) {
		if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
		return readFile(path, "utf8");
	} finally {
		await rm(half, { force: true });
	}
}
