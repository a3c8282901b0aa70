"use client";
import type { Egress, EgressPreset, SetEgressInput } from "@bullpen/domain/egress";
import { PRESET_HOSTS } from "@bullpen/domain/egress-rules";
import { useId, useState } from "react";
import { FormDialog } from "../../../ui/form-dialog.tsx";
import { useAttempt } from "../../../ui/use-attempt.ts";
import { GIT_HOSTS, PACKAGES, PRESETS, typedHosts } from "./egress-words.ts";

interface EgressDialogProps {
	egress: Egress | undefined;
	/** Why it was refused, in words, or null when it is done. */
	onSave: (egress: SetEgressInput) => Promise<string | null>;
	onClose: () => void;
}

/** What the sandbox may reach, as a whole. */
export default function EgressDialog({ egress, onSave, onClose }: EgressDialogProps) {
	const [presets, setPresets] = useState<readonly EgressPreset[]>(egress?.presets ?? []);
	const [hosts, setHosts] = useState(() => (egress?.hosts ?? []).join("\n"));
	const { isBusy, refusal, run } = useAttempt(onClose);
	const id = useId();
	const toggle = (preset: EgressPreset) =>
		setPresets((now) => (now.includes(preset) ? now.filter((one) => one !== preset) : [...now, preset]));
	return (
		<FormDialog
			title="What the sandbox can reach"
			description="It counts at once, for what runs as well. Whatever can be reached can also be sent what is in the workspace."
			act="Save"
			isBusy={isBusy}
			onAct={() => run(() => onSave({ presets: [...presets], hosts: typedHosts(hosts) }))}
			onClose={onClose}
		>
			<Presets legend="Packages" presets={PACKAGES} chosen={presets} onToggle={toggle} />
			<Presets legend="Repositories" presets={GIT_HOSTS} chosen={presets} onToggle={toggle} />
			<div>
				<label htmlFor={id} className="mb-1.5 block font-medium text-sm">
					Other hosts
				</label>
				<textarea
					id={id}
					value={hosts}
					rows={3}
					spellCheck={false}
					autoCapitalize="off"
					placeholder={"registry.example.com\n*.example.org"}
					aria-invalid={refusal !== null || undefined}
					aria-describedby={`${id}-note`}
					onChange={(event) => setHosts(event.target.value)}
					className="w-full resize-y rounded-md border border-line-strong bg-raised px-3 py-2 font-mono text-sm outline-none transition-colors placeholder:text-text-faint focus:border-accent focus:ring-3 focus:ring-accent-soft pointer-coarse:text-[1rem]"
				/>
				{refusal === null ? (
					<p id={`${id}-note`} className="mt-1.5 text-text-faint text-xs">
						One name per line. <code className="font-mono">*.</code> in front names every host below it,{" "}
						<code className="font-mono">:8080</code> behind another port.
					</p>
				) : (
					<p id={`${id}-note`} role="alert" className="mt-1.5 text-danger-text text-sm">
						{refusal}
					</p>
				)}
			</div>
		</FormDialog>
	);
}

interface PresetsProps {
	legend: string;
	presets: readonly EgressPreset[];
	chosen: readonly EgressPreset[];
	onToggle: (preset: EgressPreset) => void;
}

function Presets({ legend, presets, chosen, onToggle }: PresetsProps) {
	return (
		<fieldset>
			<legend className="mb-1 font-medium text-sm">{legend}</legend>
			<div className="grid grid-cols-2 gap-x-3">
				{presets.map((preset) => (
					<label
						key={preset}
						title={PRESET_HOSTS[preset].join(", ")}
						className="flex min-h-8 items-center gap-2 text-sm pointer-coarse:min-h-11"
					>
						<input
							type="checkbox"
							checked={chosen.includes(preset)}
							onChange={() => onToggle(preset)}
							className="size-4 shrink-0 accent-accent"
						/>
						{PRESETS[preset]}
					</label>
				))}
			</div>
		</fieldset>
	);
}
