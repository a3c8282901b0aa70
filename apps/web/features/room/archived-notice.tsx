"use client";
import { Archive } from "lucide-react";
import { useState } from "react";
import { Button } from "../../ui/button.tsx";
import { notify } from "../../ui/toast.tsx";

/** Where one would write, in a room that can only be read. */
export function ArchivedNotice({ onRestore }: { onRestore: (() => Promise<string | null>) | undefined }) {
	const [isBusy, setBusy] = useState(false);
	const restore = async () => {
		setBusy(true);
		const refused = await onRestore?.();
		setBusy(false);
		if (refused) notify(refused, "error");
	};
	return (
		<div className="mx-4 mb-4 flex min-h-12 items-center gap-3 rounded-lg bg-sunken px-4 py-2 text-sm text-text-muted md:mx-5">
			<Archive className="size-4 shrink-0" aria-hidden="true" />
			<p className="min-w-0 flex-1">This room is archived: it can be read, not changed.</p>
			{onRestore && (
				<Button size="sm" isBusy={isBusy} onClick={restore}>
					Restore
				</Button>
			)}
		</div>
	);
}
