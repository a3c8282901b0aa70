import { z } from "zod";
import type { PermissionPolicy } from "./permission.ts";
import { Problem } from "./problem.ts";
import type { WorkspaceRole } from "./workspace.ts";

/** What of an agent's work can be chosen: how much it may do unasked, which model it uses, how long that thinks. */
export const ChoiceKind = z.enum(["mode", "model", "effort"]);
export type ChoiceKind = z.infer<typeof ChoiceKind>;

/** One of the values that an agent offers, in its own words. */
export const AgentChoice = z.strictObject({ id: z.string(), name: z.string(), description: z.string().optional() });
export type AgentChoice = z.infer<typeof AgentChoice>;

/** What an agent offers of one kind, and which of it is in force. */
export const AgentChoiceList = z.strictObject({ current: z.string().optional(), options: z.array(AgentChoice) });
export type AgentChoiceList = z.infer<typeof AgentChoiceList>;

/** What an agent said that can be chosen. A kind it says nothing of is left out. */
export const AgentChoices = z.partialRecord(ChoiceKind, AgentChoiceList);
export type AgentChoices = z.infer<typeof AgentChoices>;

/** A command that people may begin a prompt with, as `/name`. `hint`: what comes after it. */
export const AgentCommandInfo = z.strictObject({
	name: z.string(),
	description: z.string(),
	hint: z.string().optional(),
});

/**
 * A mode decides what the agent asks about. Where not everybody's answers count, choosing one is the owner's.
 * @throws Problem `forbidden`
 */
export const refuseUnlessMayChoose = (
	kind: ChoiceKind,
	role: WorkspaceRole,
	policy: PermissionPolicy | undefined,
): void => {
	if (kind !== "mode" || role === "owner" || (policy ?? "prompters") === "prompters") return;
	throw new Problem("forbidden", "The owner of this workspace decides what the agent may do unasked.");
};
