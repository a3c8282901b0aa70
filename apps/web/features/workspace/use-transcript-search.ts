"use client";
import type { TranscriptHit, TranscriptHits } from "@bullpen/domain/transcript/search";
import { useEffect, useRef, useState } from "react";
import { wordsFor } from "../../live/words.ts";

const PAUSE_MS = 250;
/** Questions in a row that may find nothing before it is left to the reader to go on. */
const PAGES_MAX = 25;

interface Results {
	hits: readonly TranscriptHit[];
	/** The hit that is shown. */
	index: number;
	/** Where the next question begins; null when everything was looked at. */
	next: number | null;
}
export interface TranscriptSearch {
	query: string;
	setQuery: (query: string) => void;
	results: Results | null;
	isSearching: boolean;
	problem: string | null;
	/** To an older hit, or back to a newer one. */
	older: () => void;
	newer: () => void;
}

type Ask = (query: string, before?: number) => Promise<TranscriptHits>;

/** Looks for words, newest first, as far back as somebody goes. */
export function useTranscriptSearch(ask: Ask, onHit: (itemId: number, query: string) => void): TranscriptSearch {
	const [query, setQuery] = useState("");
	const [results, setResults] = useState<Results | null>(null);
	const [isSearching, setSearching] = useState(false);
	const [problem, setProblem] = useState<string | null>(null);
	/** Answers to a question that is no longer asked count for nothing. */
	const asked = useRef(0);
	const hit = useRef(onHit);
	hit.current = onHit;

	const search = async (words: string, before: Results | null) => {
		const question = ++asked.current;
		setSearching(true);
		setProblem(null);
		try {
			let next = before?.next ?? undefined;
			for (let page = 0; page < PAGES_MAX; page++) {
				const answer = await ask(words, next);
				if (question !== asked.current) return;
				const known = before?.hits ?? [];
				next = answer.scannedTo;
				const found = { hits: [...known, ...answer.hits], index: known.length, next: answer.isDone ? null : next };
				if (answer.hits.length === 0 && !answer.isDone && page < PAGES_MAX - 1) continue;
				const index = Math.min(found.index, found.hits.length - 1);
				setResults({ ...found, index });
				const [first] = answer.hits;
				if (first) hit.current(first.itemId, words);
				return;
			}
		} catch (error) {
			if (question === asked.current) setProblem(wordsFor(error));
		} finally {
			if (question === asked.current) setSearching(false);
		}
	};

	const words = query.trim();
	// biome-ignore lint/correctness/useExhaustiveDependencies: it is the words that are looked for, once they rest.
	useEffect(() => {
		asked.current++;
		setResults(null);
		setSearching(false);
		setProblem(null);
		if (words === "") return;
		const timer = setTimeout(() => void search(words, null), PAUSE_MS);
		return () => clearTimeout(timer);
	}, [words]);

	const show = (index: number) => {
		const one = results?.hits[index];
		if (!results || !one) return;
		setResults({ ...results, index });
		hit.current(one.itemId, words);
	};
	return {
		query,
		setQuery,
		results,
		isSearching,
		problem,
		older: () => {
			if (!results || isSearching) return;
			if (results.index + 1 < results.hits.length) show(results.index + 1);
			else if (results.next !== null) void search(words, results);
		},
		newer: () => results && show(results.index - 1),
	};
}
