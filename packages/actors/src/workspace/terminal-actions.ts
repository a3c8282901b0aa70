import { putAct } from "./scope.ts";
import { visit } from "./visit.ts";

const OK = { ok: true } as const;

/** The terminal that everybody in the workspace shares. */
export const terminalActions = {
	getTerminal: visit("getTerminal", ({ workspace }) => workspace.terminal.view()),
	openTerminal: visit("openTerminal", async ({ workspace, person: { userId }, acting }, { size }) => {
		const { terminal, scope } = workspace;
		await scope.writer.write((draft) => {
			acting(draft);
			if (!terminal.isOpen) putAct(scope, draft, { type: "terminal-opened", by: userId });
		});
		return terminal.open(size, userId);
	}),
	typeInTerminal: visit("typeInTerminal", async ({ workspace, person: { userId } }, { terminalId, text }) => {
		workspace.terminal.type(terminalId, text, userId);
		return OK;
	}),
	resizeTerminal: visit("resizeTerminal", async ({ workspace }, { terminalId, size }) => {
		workspace.terminal.resize(terminalId, size);
		return OK;
	}),
	closeTerminal: visit("closeTerminal", async ({ workspace, person: { userId } }, { terminalId }) => {
		await workspace.terminal.close(terminalId, userId);
		return OK;
	}),
};
