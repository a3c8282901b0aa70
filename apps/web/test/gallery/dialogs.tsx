// A page that draws one dialog of a room or of oneself in one of its states, without a server: `?scene=<name>&theme=dark`.
// What asks the web (an export, an import) is answered by whoever serves this page.
import { Problem } from "@bullpen/domain/problem";
import { type ReactNode, Suspense } from "react";
import { createRoot } from "react-dom/client";
import "../../app/globals.css";
import NotificationsDialog from "../../features/inbox/notifications-dialog.tsx";
import ImportRoomDialog from "../../features/people/import-room-dialog.tsx";
import NewRoomDialog from "../../features/people/new-room-dialog.tsx";
import { ExportPart } from "../../features/room/export/export-part.tsx";
import DeliveriesDialog from "../../features/room/hooks/deliveries-dialog.tsx";
import { HooksPart } from "../../features/room/hooks/hooks-part.tsx";
import NewHookDialog from "../../features/room/hooks/new-hook-dialog.tsx";
import type { PushState } from "../../live/push-device.ts";
import { Sheet } from "../../ui/sheet.tsx";
import { Toasts } from "../../ui/toast.tsx";
import { ARCHIVE_HOOK, BOTS, hookVerbs, MANY_HOOKS, personOf } from "./fake-hooks.ts";

const asked = new URLSearchParams(location.search);
document.documentElement.classList.toggle("dark", asked.get("theme") === "dark");
const nothing = () => undefined;
const away = () => Promise.reject(new Problem("busy", "away"));

const notifications = (device: PushState) => (): ReactNode => (
	<NotificationsDialog
		device={device}
		deviceVerbs={{
			enable: async () => undefined,
			disable: async () => undefined,
			look: async () => undefined,
			setShowsText: async () => undefined,
			test: async () => "unreachable",
		}}
		quietHours={null}
		isBusy={false}
		error={null}
		onSave={nothing}
		onClose={nothing}
	/>
);
const hooks = (verbs: ReturnType<typeof hookVerbs>) => (): ReactNode => (
	<Settings title="Webhooks">
		<HooksPart roomId="r-1" verbs={verbs} bots={BOTS} personOf={personOf} canMake />
	</Settings>
);
const deliveries = (verbs: ReturnType<typeof hookVerbs>) => (): ReactNode => (
	<DeliveriesDialog hook={ARCHIVE_HOOK} verbs={verbs} onClose={nothing} />
);
const newHook = (bots: typeof BOTS) => (): ReactNode => (
	<NewHookDialog roomId="r-1" bots={bots} verbs={hookVerbs()} onMade={nothing} onClose={nothing} />
);

const SCENES: Readonly<Record<string, () => ReactNode>> = {
	hooks: hooks(hookVerbs({ hooks: MANY_HOOKS })),
	"hooks-none": hooks(hookVerbs()),
	"hooks-failed": hooks(hookVerbs({ getHooks: away })),
	deliveries: deliveries(hookVerbs()),
	"deliveries-none": deliveries(hookVerbs({ getDeliveries: async () => ({ deliveries: [], hasMore: false }) })),
	"deliveries-loading": deliveries(hookVerbs({ getDeliveries: () => new Promise(nothing) })),
	"deliveries-failed": deliveries(hookVerbs({ getDeliveries: away })),
	"new-hook": newHook(BOTS),
	"new-hook-no-bot": newHook([]),
	"new-room": () => (
		<NewRoomDialog
			name="launch"
			visibility="public"
			isBusy={false}
			error="There is a room of this name already."
			onCreate={nothing}
			onClose={nothing}
		/>
	),
	export: () => (
		<Settings title="Export">
			<ExportPart roomId="r-1" />
		</Settings>
	),
	import: () => <ImportRoomDialog onClose={nothing} />,
	"notifications-unknown": notifications({ phase: "unknown" }),
	"notifications-insecure": notifications({ phase: "unsupported", why: "insecure" }),
	"notifications-install": notifications({ phase: "unsupported", why: "install" }),
	"notifications-browser": notifications({ phase: "unsupported", why: "browser" }),
	"notifications-denied": notifications({ phase: "denied" }),
	"notifications-off": notifications({ phase: "off" }),
	"notifications-on": notifications({ phase: "on", deviceId: "0".repeat(32), showsText: true }),
	"notifications-service": notifications({ phase: "failed", why: "service" }),
	"notifications-server": notifications({ phase: "failed", why: "server" }),
};

function Settings({ title, children }: { title: string; children: ReactNode }) {
	return (
		<Sheet title="Room settings" side="end" width="wide" onClose={nothing}>
			<section className="flex-1 overflow-y-auto px-4 pt-3 pb-10">
				<h2 className="pb-3 font-semibold text-md">{title}</h2>
				{children}
			</section>
		</Sheet>
	);
}

createRoot(document.body).render(
	<main className="h-dvh bg-surface">
		<h1 className="sr-only">Dialogs</h1>
		<Suspense>
			{SCENES[asked.get("scene") ?? ""]?.() ?? (
				<ul>
					{Object.keys(SCENES).map((name) => (
						<li key={name}>
							<a href={`?scene=${name}`}>{name}</a>
						</li>
					))}
				</ul>
			)}
		</Suspense>
		<Toasts />
	</main>,
);
