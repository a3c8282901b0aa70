import { visit } from "./visit.ts";

const OK = { ok: true } as const;

/** The workspace's files: looked at by everybody in it, changed by whoever may prompt. */
export const fileActions = {
	listFiles: visit("listFiles", ({ workspace }, { path }) => workspace.tree.list(path)),
	readFile: visit("readFile", ({ workspace }, input) => workspace.tree.read(input)),
	writeFile: visit("writeFile", ({ workspace, acting }, input) => workspace.tree.write(input, acting)),
	createFolder: visit("createFolder", async ({ workspace, acting }, { path }) => {
		await workspace.tree.createFolder(path, acting);
		return OK;
	}),
	renameFile: visit("renameFile", async ({ workspace, acting }, { path, to }) => {
		await workspace.tree.rename(path, to, acting);
		return OK;
	}),
	deleteFile: visit("deleteFile", async ({ workspace, acting }, { path, version }) => {
		await workspace.tree.remove(path, version, acting);
		return OK;
	}),
	listChanges: visit("listChanges", ({ workspace }) => workspace.tree.changes()),
	diff: visit("diff", ({ workspace }, { path, from }) => workspace.tree.diff(path, from)),
	getPatch: visit("getPatch", ({ workspace }, input) => workspace.tree.patch(input?.patchId, input?.offset)),
	commit: visit("commit", ({ workspace, person, acting }, { message }) =>
		workspace.tree.commit(message, person, acting),
	),
};
