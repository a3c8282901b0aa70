import type { ItemBody } from "@bullpen/domain/transcript/item";
import type { PermissionRow } from "@bullpen/domain/workspace";
import { Diff } from "../../ui/diff.tsx";
import { Terminal } from "../../ui/terminal.tsx";

/** The very thing that is asked for: the change, the command, or what the agent said of it. */
export function Asked({
	permission,
	tool,
}: {
	permission: PermissionRow;
	tool: Extract<ItemBody, { type: "tool" }> | undefined;
}) {
	const diffs = (tool?.content ?? []).flatMap((part) => (part.type === "diff" ? [part] : []));
	if (diffs.length > 0) return diffs.map((diff) => <Diff key={diff.path} {...diff} />);
	if (permission.toolKind === "execute" && permission.target !== undefined) {
		return <Terminal output={`$ ${permission.target}`} label="What is asked" />;
	}
	const detail = permission.detail ?? tool?.input;
	if (detail === undefined) return null;
	return <Terminal output={commandIn(detail) ?? detail} label="What is asked" />;
}

/** The command in an agent's own JSON, or null. Agents write it as text or as a list. */
function commandIn(json: string): string | null {
	try {
		const value: unknown = JSON.parse(json);
		if (typeof value === "string") return value;
		if (typeof value !== "object" || value === null) return null;
		const command: unknown = "command" in value ? value.command : "cmd" in value ? value.cmd : undefined;
		if (typeof command === "string") return `$ ${command}`;
		if (Array.isArray(command)) return `$ ${command.join(" ")}`;
		return JSON.stringify(value, null, 2);
	} catch {
		return null; // capped in the middle of a value: shown as it came
	}
}
