import { chown, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { HOME_PATH, type SandboxUser } from "./bubblewrap.ts";

/** The host folders of one sandbox, owned by its user, which it knows by `id`. Their parent is ours alone. */
export async function makeFolders(
	folder: string,
	user: SandboxUser,
	id = user.kind === "dropped" ? user.uid : 1000,
): Promise<{ files: string; home: string; etc: string }> {
	const made = { files: join(folder, "files"), home: join(folder, "home"), etc: join(folder, "etc") };
	for (const path of [made.files, made.home]) {
		await mkdir(path, { recursive: true, mode: 0o700 });
		if (user.kind === "dropped") await chown(path, user.uid, user.uid);
	}
	await mkdir(made.etc, { recursive: true, mode: 0o755 });
	await writeFile(join(made.etc, "passwd"), `agent:x:${id}:${id}::${HOME_PATH}:/bin/sh\n`, { mode: 0o644 });
	await writeFile(join(made.etc, "group"), `agent:x:${id}:\n`, { mode: 0o644 });
	return made;
}
