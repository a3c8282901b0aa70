"use client";
import { ArrowDown, ArrowUp, ArrowUpToLine, Ellipsis, Pencil, Trash2 } from "lucide-react";
import { IconButton } from "../../ui/button.tsx";
import { Menu, MenuItem, MenuSeparator } from "../../ui/menu.tsx";
import type { QueueMenuProps } from "./queue-menu.tsx";

export default function QueueMenuContent({ label, index, count, onMove, onEdit, onRemove }: QueueMenuProps) {
	const trigger = (
		<IconButton label={label} tip="none">
			<Ellipsis />
		</IconButton>
	);
	return (
		<Menu trigger={trigger} label={label} align="end">
			<MenuItem icon={<Pencil />} onSelect={onEdit}>
				Edit
			</MenuItem>
			{index > 0 && (
				<>
					<MenuItem icon={<ArrowUpToLine />} onSelect={() => onMove(0)}>
						Move to the front
					</MenuItem>
					<MenuItem icon={<ArrowUp />} onSelect={() => onMove(index - 1)}>
						Move up
					</MenuItem>
				</>
			)}
			{index < count - 1 && (
				<MenuItem icon={<ArrowDown />} onSelect={() => onMove(index + 1)}>
					Move down
				</MenuItem>
			)}
			<MenuSeparator />
			<MenuItem icon={<Trash2 />} onSelect={onRemove}>
				Remove
			</MenuItem>
		</Menu>
	);
}
