"use client";
import NextLink from "next/link";
import { type ComponentProps, useState } from "react";

/**
 * A link to another page of ours, which is fetched when somebody reaches for it. Next would fetch every one in sight, of a
 * sidebar dozens, while the page that was asked for still loads; and of pages like ours only their outlines.
 */
export function Link({ onPointerEnter, onFocus, ...rest }: ComponentProps<typeof NextLink>) {
	const [isReachedFor, setReachedFor] = useState(false);
	return (
		<NextLink
			prefetch={isReachedFor}
			onPointerEnter={(event) => {
				setReachedFor(true);
				onPointerEnter?.(event);
			}}
			onFocus={(event) => {
				setReachedFor(true);
				onFocus?.(event);
			}}
			{...rest}
		/>
	);
}
