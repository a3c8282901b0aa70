"use client";
import { KeyRound } from "lucide-react";
import { useKeys } from "../../live/keys.ts";
import { useLive } from "../../live/live.tsx";
import { useServerProviders } from "../../live/use-offers.ts";
import { useTitle } from "../../live/use-title.ts";
import { Button } from "../../ui/button.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { SkeletonRows } from "../../ui/skeleton.tsx";
import { Endpoints } from "./endpoints.tsx";
import { KeyList } from "./key-list.tsx";

/** Keys for models: one's own, and for the owner those of the whole server. */
export function SettingsScreen() {
	const { me } = useLive();
	const { data, reload, act } = useKeys();
	const given = useServerProviders();
	useTitle("Keys for models");
	return (
		<>
			<PageHeader icon={<KeyRound />} title="Keys for models" />
			<div className="min-h-0 flex-1 overflow-y-auto">
				<div className="mx-auto w-full max-w-180 space-y-9 px-4 pt-6 pb-16 md:px-6">
					{data.phase === "loading" && <SkeletonRows label="Loading your keys" count={3} />}
					{data.phase === "failed" && (
						<p role="alert" className="flex flex-wrap items-center gap-3 text-sm">
							Your keys could not be loaded.
							<Button size="sm" onClick={reload}>
								Try again
							</Button>
						</p>
					)}
					{data.phase === "ready" && me.role === "guest" && (
						<p className="text-sm text-text-muted">Guests watch agents, so they need no keys here.</p>
					)}
					{data.phase === "ready" && me.role !== "guest" && (
						<>
							<KeyList
								scope="me"
								title="Your keys"
								keys={data.keys.mine}
								given={NONE}
								endpoints={data.keys.endpoints}
								onAct={act}
							>
								Used only in workspaces where you said that you pay. Stored sealed, never shown again.
							</KeyList>
							{data.keys.server !== null && (
								<>
									<KeyList
										scope="server"
										title="Keys of this server"
										keys={data.keys.server}
										given={given}
										endpoints={data.keys.endpoints}
										onAct={act}
									>
										For every workspace that the server pays for. A key in the environment of the start command counts
										where none is stored here.
									</KeyList>
									<Endpoints endpoints={data.keys.endpoints} onAct={act} />
								</>
							)}
						</>
					)}
				</div>
			</div>
		</>
	);
}

const NONE: ReadonlySet<string> = new Set();
