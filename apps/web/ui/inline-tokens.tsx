"use client";
import { createContext, type ReactNode, use } from "react";

/** What stands in a text for something else: a person, say. */
export interface InlineTokens {
	/** The pieces of a text, in order: words as they are, and tokens by a key of their own. */
	split: (text: string) => readonly (string | { token: string })[];
	draw: (token: string) => ReactNode;
}

const Tokens = createContext<InlineTokens | null>(null);
export const InlineTokensProvider = Tokens.Provider;
export const useInlineTokens = (): InlineTokens | null => use(Tokens);

/** Words with their tokens drawn, and nothing else done to them. */
export function TextWithTokens({ text }: { text: string }) {
	const tokens = useInlineTokens();
	return <>{tokens === null ? text : tokens.split(text).map((piece, at) => drawn(tokens, piece, at))}</>;
}

/** A token in its place, for whoever draws the rest. */
export function InlineToken({ token }: { token: string }) {
	return <>{useInlineTokens()?.draw(token)}</>;
}

const drawn = (tokens: InlineTokens, piece: string | { token: string }, at: number): ReactNode =>
	typeof piece === "string" ? piece : <span key={at}>{tokens.draw(piece.token)}</span>;
