"use client";
import { providerName } from "@bullpen/domain/agent-offer";
import { Trash2 } from "lucide-react";
import { type ReactNode, useId, useState } from "react";
import type { KeyProvider, Keys, ShownKey } from "../../live/keys.ts";
import { Badge } from "../../ui/badge.tsx";
import { Button, IconButton } from "../../ui/button.tsx";
import { Field } from "../../ui/field.tsx";

const PROVIDERS = ["openai", "anthropic", "openai-compatible"] as const;

interface KeyListProps {
	scope: "me" | "server";
	title: string;
	keys: readonly ShownKey[];
	/** Providers that there is a key of without one stored here. */
	given: ReadonlySet<string>;
	endpoints: Keys["endpoints"];
	/** Why not, in words, or null when it is done. */
	onAct: (path: "" | "/remove", body: object) => Promise<string | null>;
	children: ReactNode;
}

/** One key for each provider, or the way to add it. */
export function KeyList({ scope, title, keys, given, endpoints, onAct, children }: KeyListProps) {
	const id = useId();
	return (
		<section aria-labelledby={id}>
			<h2 id={id} className="font-semibold text-md">
				{title}
			</h2>
			<p className="mt-1 mb-3 text-sm text-text-muted">{children}</p>
			<ul className="divide-y divide-line rounded-lg border border-line">
				{PROVIDERS.map((provider) => (
					<KeyItem
						key={provider}
						provider={provider}
						stored={keys.find((one) => one.provider === provider)}
						isGiven={given.has(provider)}
						isWithoutAddress={provider === "openai-compatible" && !endpoints.some((one) => one.provider === provider)}
						onPut={(key) => onAct("", { scope, provider, key })}
						onRemove={() => onAct("/remove", { scope, provider })}
					/>
				))}
			</ul>
		</section>
	);
}

interface KeyItemProps {
	provider: KeyProvider;
	stored: ShownKey | undefined;
	isGiven: boolean;
	isWithoutAddress: boolean;
	onPut: (key: string) => Promise<string | null>;
	onRemove: () => Promise<string | null>;
}

function KeyItem({ provider, stored, isGiven, isWithoutAddress, onPut, onRemove }: KeyItemProps) {
	const [isOpen, setOpen] = useState(false);
	const [refusal, setRefusal] = useState<string | null>(null);
	const name = providerTitle(provider);
	return (
		<li className="px-4 py-3">
			<div className="flex min-h-8.5 flex-wrap items-center gap-x-3 gap-y-1">
				<span className="min-w-36 font-medium text-sm">{name}</span>
				<span className="min-w-0 flex-1 text-sm text-text-muted">
					<State stored={stored} isGiven={isGiven} isWithoutAddress={isWithoutAddress} />
				</span>
				{!isOpen && !(isWithoutAddress && !stored) && (
					<Button
						size="sm"
						aria-label={`${stored ? "Replace" : "Add"} the key for ${name}`}
						onClick={() => setOpen(true)}
					>
						{stored ? "Replace" : "Add key"}
					</Button>
				)}
				{stored && (
					<IconButton
						label={`Delete the key for ${name}`}
						variant="danger"
						tip="top-end"
						onClick={async () => setRefusal(await onRemove())}
					>
						<Trash2 />
					</IconButton>
				)}
			</div>
			{refusal !== null && (
				<p role="alert" className="mt-1 text-danger-text text-sm">
					{refusal}
				</p>
			)}
			{isOpen && <KeyForm name={name} onPut={onPut} onClose={() => setOpen(false)} />}
		</li>
	);
}

function State({ stored, isGiven, isWithoutAddress }: Pick<KeyItemProps, "stored" | "isGiven" | "isWithoutAddress">) {
	if (!stored && isGiven) return "From the environment of the start command";
	if (!stored) return isWithoutAddress ? "The server's owner sets its address first." : "No key";
	switch (stored.state) {
		case "usable":
			return <span className="font-mono">{stored.ending === "" ? "stored" : `…${stored.ending}`}</span>;
		case "moved":
			return (
				<span className="flex flex-wrap items-center gap-2">
					<Badge tone="attention">Resting</Badge>
					The address was changed since. Enter the key again to use it there.
				</span>
			);
		case "unreadable":
			return (
				<span className="flex flex-wrap items-center gap-2">
					<Badge tone="danger">Not readable</Badge>
					Sealed with another secret key. Enter it again.
				</span>
			);
	}
}

interface KeyFormProps {
	name: string;
	onPut: (key: string) => Promise<string | null>;
	onClose: () => void;
}

function KeyForm({ name, onPut, onClose }: KeyFormProps) {
	const [key, setKey] = useState("");
	const [refusal, setRefusal] = useState<string | null>(null);
	const [isBusy, setBusy] = useState(false);
	return (
		<form
			className="mt-2 flex flex-wrap items-end gap-2"
			onSubmit={async (event) => {
				event.preventDefault();
				setBusy(true);
				const refused = await onPut(key.trim());
				setBusy(false);
				setRefusal(refused);
				if (refused === null) onClose();
			}}
		>
			<Field
				className="min-w-56 flex-1"
				label={`Key for ${name}`}
				type="password"
				autoComplete="off"
				spellCheck={false}
				value={key}
				error={refusal ?? undefined}
				onChange={(event) => setKey(event.target.value)}
			/>
			<Button type="submit" variant="primary" isBusy={isBusy} disabled={key.trim() === ""}>
				Store key
			</Button>
			<Button onClick={onClose}>Cancel</Button>
		</form>
	);
}

/** A provider at the beginning of a line. */
export const providerTitle = (provider: KeyProvider): string =>
	provider === "openai-compatible" ? "OpenAI-compatible" : providerName(provider);
