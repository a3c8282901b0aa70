import { ChevronsUpDown } from "lucide-react";
import type { ComponentProps } from "react";
import { Avatar } from "../../ui/avatar.tsx";

type MeButtonProps = ComponentProps<"button"> & { me: { id: string; name: string } };

export function MeButton({ me, ...rest }: MeButtonProps) {
	return (
		<button
			type="button"
			aria-haspopup="menu"
			aria-expanded="false"
			aria-label={`You: ${me.name}`}
			className="flex h-11 w-full min-w-0 items-center gap-2.5 rounded-md px-2 text-start transition-colors hover:bg-hover data-[state=open]:bg-selected"
			{...rest}
		>
			<Avatar id={me.id} name={me.name} size="sm" />
			<span className="min-w-0 flex-1 truncate font-medium">{me.name}</span>
			<ChevronsUpDown className="size-4 shrink-0 text-text-faint" aria-hidden="true" />
		</button>
	);
}
