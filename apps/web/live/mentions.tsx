"use client";
import { mentionToken, splitMentions } from "@bullpen/domain/mention";
import { createContext, type ReactNode, use, useMemo } from "react";
import { cx } from "../ui/cx.ts";
import { type InlineTokens, InlineTokensProvider } from "../ui/inline-tokens.tsx";
import type { PersonOf } from "./person.ts";

interface Readers {
	me: string;
	personOf: PersonOf;
}

const ReadersContext = createContext<Readers | null>(null);

/** Mentions in what is drawn inside are people's names, never ids; the reader's own stand out. */
export function Mentions({ me, personOf, children }: Readers & { children: ReactNode }) {
	const readers = useMemo(() => ({ me, personOf }), [me, personOf]);
	return (
		<ReadersContext value={readers}>
			<InlineTokensProvider value={TOKENS}>{children}</InlineTokensProvider>
		</ReadersContext>
	);
}

const TOKENS: InlineTokens = {
	split: (text) => splitMentions(text).map((one) => (typeof one === "string" ? one : { token: mentionToken(one) })),
	draw: (token) => <Mention token={token} />,
};

function Mention({ token }: { token: string }) {
	const readers = use(ReadersContext);
	const [target] = splitMentions(token);
	if (readers === null || target === undefined || typeof target === "string") return token;
	const isMine = target.type !== "person" || target.userId === readers.me;
	return (
		<span
			className={cx(
				"rounded-xs px-1 py-px font-medium",
				isMine ? "bg-attention-soft text-attention-text" : "bg-accent-soft text-accent-text",
			)}
		>
			@{target.type === "person" ? readers.personOf(target.userId).name : target.type}
		</span>
	);
}
