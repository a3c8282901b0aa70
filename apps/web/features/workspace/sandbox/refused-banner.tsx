"use client";
import { Unplug } from "lucide-react";
import { useState } from "react";
import { Banner } from "../../../ui/banner.tsx";
import { Button } from "../../../ui/button.tsx";
import type { OpenWorkspace } from "../workspace-data.ts";
import { hostWords, offerFor } from "./egress-words.ts";
import type { ReachVerbs } from "./reach-verbs.ts";

interface RefusedBannerProps {
	refused: NonNullable<OpenWorkspace["session"]["refusedHosts"]>;
	/** Null for whoever cannot allow it. */
	verbs: ReachVerbs | null;
	/** All of them, where there is more to do about them. */
	onShow: () => void;
}

/** Tells that programs of the sandbox wanted to reach a host. Whoever only reads it can put it away. */
export function RefusedBanner({ refused, verbs, onShow }: RefusedBannerProps) {
	const [seenAt, setSeenAt] = useState(0);
	const open = refused.filter(({ reason, at }) => reason === "not_allowed" && at > seenAt);
	const [newest] = open;
	if (newest === undefined) return null;
	const offer = offerFor(newest);
	return (
		<Banner
			tone="attention"
			icon={<Unplug />}
			action={
				<span className="flex flex-wrap justify-end gap-1.5">
					{verbs && (
						<Button size="sm" onClick={() => verbs.allow(newest)}>
							{offer.words}
						</Button>
					)}
					{open.length > 1 && (
						<Button size="sm" variant="ghost" onClick={onShow}>
							Show all
						</Button>
					)}
					<Button size="sm" variant="ghost" onClick={() => (verbs ? verbs.ignore(newest.host) : setSeenAt(newest.at))}>
						{verbs ? "Ignore" : "Hide"}
					</Button>
				</span>
			}
		>
			The sandbox was refused <strong className="font-semibold [overflow-wrap:anywhere]">{hostWords(newest)}</strong>
			{open.length > 1 && ` and ${open.length - 1} more`}.{" "}
			{verbs === null && "The owner of the workspace can allow it."}
		</Banner>
	);
}
