import { expect, test } from "vitest";
import { AUTHORIZATION } from "./authorization.ts";
import { refusal } from "./test/refusal.ts";
import type { ActionName } from "./wire.ts";
import { refuseArchived, refuseUnlessNamed } from "./workspace-life-rules.ts";

const archived = { archived: { by: "ada", at: 5 } };

test("[WS20] an archive is read, left, restored and deleted; everything else is refused", () => {
	const names = Object.keys(AUTHORIZATION.workspace) as ActionName<"workspace">[];
	for (const name of names) refuseArchived({}, name);
	for (const name of [
		"getTranscript",
		"changesSince",
		"getChat",
		"leave",
		"kick",
		"restore",
		"deleteWorkspace",
	] as const) {
		refuseArchived(archived, name);
	}
	for (const name of [
		"prompt",
		"sendChat",
		"setAgent",
		"invite",
		"rename",
		"setVisibility",
		"answerPermission",
	] as const) {
		expect(refusal(() => refuseArchived(archived, name)).code).toBe("archived");
	}
});

test("[WS21] whoever deletes a workspace has typed its name", () => {
	refuseUnlessNamed({ name: "Parser work" }, " Parser work ");
	for (const typed of ["", "parser work", "Parser", "Parser work!"]) {
		expect(refusal(() => refuseUnlessNamed({ name: "Parser work" }, typed)).code).toBe("bad_input");
	}
});
