import { visit } from "./visit.ts";

const OK = { ok: true } as const;

/** Who is here and as what, and what becomes of the workspace. */
export const peopleActions = {
	invite: visit("invite", async ({ workspace, person }, input) => {
		await workspace.people.invite(input, (draft) => workspace.entrance.admitted(person, "invite", draft));
		return OK;
	}),
	setRole: visit("setRole", async ({ workspace, person }, input) => {
		await workspace.people.setRole(input, (draft) => workspace.entrance.admitted(person, "setRole", draft));
		return OK;
	}),
	kick: visit("kick", async ({ workspace, person }, { userId }) => {
		await workspace.people.remove(userId, (draft) => workspace.entrance.admitted(person, "kick", draft));
		return OK;
	}),
	leave: visit("leave", async ({ workspace, person }) => {
		await workspace.people.leave((draft) => workspace.entrance.admitted(person, "leave", draft));
		return OK;
	}),
	transferOwnership: visit("transferOwnership", async ({ workspace, person }, { userId }) => {
		await workspace.people.pass(userId, (draft) => workspace.entrance.admitted(person, "transferOwnership", draft));
		return OK;
	}),
	setVisibility: visit("setVisibility", async ({ workspace, person }, input) => {
		await workspace.people.setVisibility(input, (draft) => workspace.entrance.admitted(person, "setVisibility", draft));
		return OK;
	}),
	rename: visit("rename", async ({ workspace, acting }, { name }) => {
		await workspace.life.rename(name, acting);
		return OK;
	}),
	archive: visit("archive", async ({ workspace, acting }) => {
		await workspace.life.archive(acting);
		return OK;
	}),
	restore: visit("restore", async ({ workspace, acting }) => {
		await workspace.life.restore(acting);
		return OK;
	}),
	deleteWorkspace: visit("deleteWorkspace", async ({ workspace, acting }, { name }) => {
		await workspace.life.end(name, acting);
		return OK;
	}),
	startFrom: visit("startFrom", async ({ workspace, person, acting }, input) => {
		await workspace.origin.start(person.userId, input, acting);
		return OK;
	}),
	cancelStart: visit("cancelStart", async ({ workspace }) => {
		await workspace.origin.cancel();
		return OK;
	}),
	getChat: visit("getChat", ({ workspace }, input) => workspace.chat.page(input ?? {})),
	sendChat: visit("sendChat", async ({ workspace, connection, person, acting }, input) => {
		workspace.audience.spend(connection, "send");
		return workspace.chat.send(person.userId, input, acting);
	}),
	editChat: visit("editChat", async ({ workspace, connection, acting }, input) => {
		workspace.audience.spend(connection, "send");
		await workspace.chat.edit(input, acting);
		return OK;
	}),
	deleteChat: visit("deleteChat", async ({ workspace, acting }, { id }) => {
		await workspace.chat.remove(id, acting);
		return OK;
	}),
};
