import type { WorkspaceRole, WorkspaceVisibility } from "@bullpen/domain/workspace";

export const ROLES: Readonly<Record<WorkspaceRole, { label: string; meaning: string }>> = {
	owner: { label: "Owner", meaning: "Decides who is here, and what becomes of the workspace." },
	prompter: { label: "Prompter", meaning: "Prompts, stops and answers the agent." },
	viewer: { label: "Viewer", meaning: "Watches, and talks in the chat." },
};

export const CIRCLES: Readonly<Record<WorkspaceVisibility, { label: string; meaning: string }>> = {
	server: { label: "Everyone here", meaning: "Listed for all members of this server." },
	room: { label: "A room", meaning: "Whoever is in that room, for as long as they are." },
	private: { label: "By invitation", meaning: "Its owner, and whoever is invited." },
};
