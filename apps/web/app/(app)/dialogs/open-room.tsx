"use client";
import { useRouter } from "next/navigation";
import type { Choice } from "../../../features/inbox/choices.ts";
import Switcher from "../../../features/inbox/switcher.tsx";
import type { useSidebar } from "../../../features/inbox/use-sidebar.ts";
import { useLive } from "../../../live/live.tsx";
import { useAct } from "../../../live/use-act.ts";

interface OpenRoomProps {
	choosable: ReturnType<typeof useSidebar>["choosable"];
	onNewRoom: (name: string) => void;
	onClose: () => void;
}

export default function OpenRoom({ choosable, onNewRoom, onClose }: OpenRoomProps) {
	const { directory } = useLive();
	const { isBusy, error, run } = useAct();
	const router = useRouter();
	const goTo = (path: string) => {
		onClose();
		router.push(path);
	};
	const choose = (choice: Choice) => {
		if (choice.type === "room") return goTo(`/r/${choice.id}`);
		if (choice.type === "workspace") return goTo(`/w/${choice.id}`);
		if (choice.type === "new") return onNewRoom(choice.name);
		if (choice.type === "search") return goTo(`/search?q=${encodeURIComponent(choice.name)}`);
		if (choice.type === "person")
			return run(async () => goTo(`/r/${(await directory.openDirect([choice.id])).roomId}`));
		run(async () => goTo(`/r/${(await directory.openRoom({ name: choice.name })).roomId}`));
	};
	return <Switcher choosable={choosable} isBusy={isBusy} error={error} onChoose={choose} onClose={onClose} />;
}
