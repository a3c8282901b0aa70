import type { PermissionPolicy } from "@bullpen/domain/permission";

/** Who answers the agent: on a chip, in a menu, and what that means. */
export const POLICIES = {
	prompters: {
		chip: "Anybody answers",
		label: "Anybody who may prompt",
		meaning: "The first answer counts.",
	},
	owner: { chip: "Owner answers", label: "The owner alone", meaning: "Others see the questions, and wait." },
	two: {
		chip: "Two answer",
		label: "Two people",
		meaning: "Two different people say yes; anybody's no decides.",
	},
} as const satisfies Record<PermissionPolicy, { chip: string; label: string; meaning: string }>;
