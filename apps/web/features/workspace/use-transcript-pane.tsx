"use client";
import { type ReactNode, useCallback, useEffect, useState } from "react";
import type { PersonOf } from "../../live/person.ts";
import { Banner } from "../../ui/banner.tsx";
import { Button } from "../../ui/button.tsx";
import { Spinner } from "../../ui/spinner.tsx";
import { useFolds } from "./folds.tsx";
import { SearchBar } from "./search-bar.tsx";
import { TranscriptTools } from "./transcript-tools.tsx";
import { useExport } from "./use-export.ts";
import { type Found, useFound } from "./use-found.ts";
import { useTranscriptSearch } from "./use-transcript-search.ts";
import type { OpenWorkspace, WorkspaceVerbs } from "./workspace-data.ts";

interface TranscriptPane {
	/** For the page's header. */
	tools: ReactNode;
	/** Above the transcript, while they are wanted. */
	bars: ReactNode;
	folds: ReturnType<typeof useFolds>;
	found: Found | null;
}

/** Everything around a transcript: what is open in it, searching, links into it, exporting. */
export function useTranscriptPane(
	{ session }: Pick<OpenWorkspace, "session">,
	verbs: Pick<WorkspaceVerbs, "showItem" | "search" | "page">,
	personOf: PersonOf,
	linkedId: number | null,
): TranscriptPane {
	const folds = useFolds();
	const { found, goTo, forget } = useFound(linkedId, verbs.showItem);
	const search = useTranscriptSearch(verbs.search, goTo);
	const exports = useExport(session.name, verbs.page, personOf);
	const [isSearching, setSearching] = useState(false);
	const open = useCallback(() => setSearching(true), []);
	useFindKey(isSearching, open);
	const close = () => {
		setSearching(false);
		search.setQuery("");
		forget();
	};
	return {
		folds,
		found,
		tools: <TranscriptTools onSearch={open} onFoldAll={folds.chooseAll} onExport={exports.start} />,
		bars: (
			<>
				{isSearching && <SearchBar search={search} onClose={close} />}
				{exports.running && (
					<Banner tone="info" role="status" icon={<Spinner />}>
						Exporting: {exports.running.done.toLocaleString()}
						{exports.running.of > 0 && ` of ${exports.running.of.toLocaleString()}`} lines{" "}
						<Button size="sm" variant="ghost" onClick={exports.cancel}>
							Cancel
						</Button>
					</Banner>
				)}
			</>
		),
	};
}

/** The browser's own search sees only what is drawn, so its key opens ours; pressed again it is the browser's. */
function useFindKey(isOpen: boolean, open: () => void): void {
	useEffect(() => {
		if (isOpen) return;
		const onKeyDown = (event: KeyboardEvent) => {
			if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.key.toLowerCase() !== "f")
				return;
			event.preventDefault();
			open();
		};
		window.addEventListener("keydown", onKeyDown);
		return () => window.removeEventListener("keydown", onKeyDown);
	}, [isOpen, open]);
}
