import { cx } from "../../../ui/cx.ts";

/** A small number on a tab, never wider than three characters; nothing for 0. */
export function SideCount({ count, isOnIcon = false }: { count: number; isOnIcon?: boolean }) {
	if (count === 0) return null;
	return (
		<span
			className={cx(
				"text-2xs text-text-faint tabular-nums",
				isOnIcon && "absolute end-0.5 top-0.5 rounded-full bg-surface px-0.5 leading-3",
			)}
		>
			{count > 99 ? "99+" : count}
		</span>
	);
}
