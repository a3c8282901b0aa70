"use client";
import type { Egress, RefusedHost } from "@bullpen/domain/egress";
import { PRESET_HOSTS } from "@bullpen/domain/egress-rules";
import { useState } from "react";
import { Button } from "../../../ui/button.tsx";
import { fetched } from "../../../ui/fetched.tsx";
import { clockOf } from "../../../ui/time.ts";
import { hostWords, offerFor, PRESETS } from "./egress-words.ts";
import type { ReachVerbs } from "./reach-verbs.ts";
import { Section } from "./section.tsx";

const EgressDialog = fetched(() => import("./egress-dialog.tsx"));

interface NetworkProps {
	egress: Egress | undefined;
	refused: readonly RefusedHost[];
	verbs: ReachVerbs | null;
}

export function Network({ egress, refused, verbs }: NetworkProps) {
	const [isOpen, setOpen] = useState(false);
	const { presets = [], hosts = [] } = egress ?? {};
	return (
		<Section
			title="Network"
			action={
				verbs && (
					<Button size="sm" aria-label="Change what the sandbox can reach" onClick={() => setOpen(true)}>
						Change
					</Button>
				)
			}
		>
			{presets.length + hosts.length === 0 ? (
				<p className="text-sm text-text-muted">The sandbox reaches models, and nothing else.</p>
			) : (
				<>
					<p className="text-sm text-text-muted">Beside models, the sandbox reaches:</p>
					<ul aria-label="Hosts that can be reached" className="mt-1.5 space-y-1">
						{presets.map((preset) => (
							<li key={preset} className="text-sm" title={PRESET_HOSTS[preset].join(", ")}>
								{PRESETS[preset]}
								<span className="block truncate text-text-faint text-xs">{PRESET_HOSTS[preset].join(", ")}</span>
							</li>
						))}
						{hosts.map((host) => (
							<li key={host} className="font-mono text-xs leading-5 [overflow-wrap:anywhere]">
								{host}
							</li>
						))}
					</ul>
				</>
			)}
			{refused.length > 0 && (
				<>
					<h3 className="pt-4 pb-1.5 font-medium text-text-muted text-xs">Refused lately</h3>
					<ul aria-label="Hosts that were refused" className="space-y-2">
						{refused.map((one) => (
							<Refused key={`${one.reason} ${hostWords(one)}`} refused={one} verbs={verbs} />
						))}
					</ul>
				</>
			)}
			{isOpen && verbs && <EgressDialog egress={egress} onSave={verbs.set} onClose={() => setOpen(false)} />}
		</Section>
	);
}

function Refused({ refused, verbs }: { refused: RefusedHost; verbs: ReachVerbs | null }) {
	const name = hostWords(refused);
	const isPrivate = refused.reason === "private_address";
	const offer = offerFor(refused);
	return (
		<li className="rounded-md bg-sunken px-2.5 py-2 ring-1 ring-line ring-inset">
			<p className="font-mono text-xs leading-5 [overflow-wrap:anywhere]">{name}</p>
			<p className="text-text-faint text-xs">
				{clockOf(refused.at)}
				{isPrivate && " · It leads to a private address, which is never reached."}
			</p>
			{verbs && (
				<div className="mt-1.5 flex gap-1.5">
					{!isPrivate && (
						<Button size="sm" aria-label={`${offer.words}: ${name}`} onClick={() => verbs.allow(refused)}>
							{offer.words}
						</Button>
					)}
					<Button size="sm" variant="ghost" aria-label={`Ignore ${name}`} onClick={() => verbs.ignore(refused.host)}>
						Ignore
					</Button>
				</div>
			)}
		</li>
	);
}
