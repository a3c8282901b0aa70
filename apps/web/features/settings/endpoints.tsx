"use client";
import { useState } from "react";
import type { KeyProvider, Keys } from "../../live/keys.ts";
import { Button } from "../../ui/button.tsx";
import { Field } from "../../ui/field.tsx";
import { providerTitle } from "./key-list.tsx";

const OWN: Readonly<Record<KeyProvider, string>> = {
	openai: "https://api.openai.com/v1",
	anthropic: "https://api.anthropic.com",
	"openai-compatible": "",
};
const PROVIDERS = ["openai", "anthropic", "openai-compatible"] as const;

interface EndpointsProps {
	endpoints: Keys["endpoints"];
	onAct: (path: "/endpoint", body: object) => Promise<string | null>;
}

/** Where the requests of each provider go; the owner's to set. */
export function Endpoints({ endpoints, onAct }: EndpointsProps) {
	return (
		<section aria-labelledby="addresses">
			<h2 id="addresses" className="font-semibold text-md">
				Addresses
			</h2>
			<p className="mt-1 mb-3 text-sm text-text-muted">
				For a gateway, or a server of your own. Keys entered for another address rest until they are entered again.
			</p>
			<ul className="divide-y divide-line rounded-lg border border-line">
				{PROVIDERS.map((provider) => {
					const set = endpoints.find((one) => one.provider === provider);
					return (
						<li key={`${provider} ${set?.baseUrl ?? ""} ${set?.isPrivateAllowed ?? ""}`} className="px-4 py-3">
							<EndpointForm provider={provider} set={set} onAct={onAct} />
						</li>
					);
				})}
			</ul>
		</section>
	);
}

interface EndpointFormProps {
	provider: KeyProvider;
	set: Keys["endpoints"][number] | undefined;
	onAct: EndpointsProps["onAct"];
}

function EndpointForm({ provider, set, onAct }: EndpointFormProps) {
	const [baseUrl, setBaseUrl] = useState(set?.baseUrl ?? "");
	const [isPrivateAllowed, setPrivateAllowed] = useState(set?.isPrivateAllowed ?? false);
	const [refusal, setRefusal] = useState<string | null>(null);
	const [isBusy, setBusy] = useState(false);
	const isChanged = baseUrl.trim() !== (set?.baseUrl ?? "") || (set && isPrivateAllowed !== set.isPrivateAllowed);
	return (
		<form
			className="flex flex-wrap items-end gap-x-3 gap-y-2"
			onSubmit={async (event) => {
				event.preventDefault();
				setBusy(true);
				const wished = baseUrl.trim();
				setRefusal(await onAct("/endpoint", { provider, baseUrl: wished === "" ? null : wished, isPrivateAllowed }));
				setBusy(false);
			}}
		>
			<Field
				className="min-w-56 flex-1"
				label={`Address of ${providerTitle(provider)}`}
				type="url"
				inputMode="url"
				autoComplete="off"
				placeholder={OWN[provider] || "https://models.example.com/v1"}
				value={baseUrl}
				error={refusal ?? undefined}
				onChange={(event) => setBaseUrl(event.target.value)}
			/>
			<Button type="submit" isBusy={isBusy} disabled={!isChanged}>
				Save
			</Button>
			<label className="flex w-full items-center gap-2 text-sm text-text-muted">
				<input
					type="checkbox"
					className="size-4 accent-accent"
					checked={isPrivateAllowed}
					onChange={(event) => setPrivateAllowed(event.target.checked)}
				/>
				Its name may lead to a private address
			</label>
		</form>
	);
}
