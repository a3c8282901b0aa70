"use client";
import { LIMITS } from "@bullpen/domain/limits";
import { MessagesSquare } from "lucide-react";
import { useLayoutEffect, useRef, useState } from "react";
import { wordsFor } from "../../../live/words.ts";
import { Blank } from "../../../ui/blank.tsx";
import { Button } from "../../../ui/button.tsx";
import { Composer } from "../../../ui/composer.tsx";
import { Spinner } from "../../../ui/spinner.tsx";
import { ChatRow } from "../chat/chat-row.tsx";
import { useSideChat } from "../chat/use-side-chat.ts";
import type { SideTabProps } from "./side-tab.ts";

/** How far above its end a list still counts as read to the end. */
const NEAR_END = 80;

/** What people say to each other beside the agent. */
export default function ChatTab({ workspace, me, personOf }: SideTabProps) {
	const { session, canPrompt, isOwner } = workspace;
	const { chat, verbs } = useSideChat(session.workspaceId, personOf);
	const [text, setText] = useState("");
	const [refusal, setRefusal] = useState<string | null>(null);
	const isArchived = session.archived !== undefined;
	const change = (next: string) => {
		setText(next);
		setRefusal(null);
	};
	const submit = () => {
		const refused = verbs.send(text);
		if (refused === null) change("");
		else setRefusal(refused);
	};
	const list = useRef<HTMLDivElement>(null);
	const isAtEnd = useRef(true);
	const shown = chat.messages.length + chat.outgoing.length;
	// biome-ignore lint/correctness/useExhaustiveDependencies: whoever reads the newest goes on reading the newest.
	useLayoutEffect(() => {
		if (isAtEnd.current && list.current) list.current.scrollTop = list.current.scrollHeight;
	}, [shown, chat.isLoaded]);
	const onScroll = () => {
		const { current } = list;
		if (current) isAtEnd.current = current.scrollHeight - current.scrollTop - current.clientHeight < NEAR_END;
	};
	return (
		<>
			<div
				ref={list}
				role="log"
				aria-label="Side chat"
				// biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be reached by keyboard
				tabIndex={0}
				onScroll={onScroll}
				className="flex min-h-0 flex-1 flex-col overflow-y-auto py-3 focus-visible:-outline-offset-2"
			>
				{!chat.isLoaded ? (
					<Spinner className="m-4 size-4 text-text-faint" />
				) : shown === 0 ? (
					<Blank icon={<MessagesSquare />} title="Talk beside the agent" isPage={false}>
						The agent never reads what is said here. Quote a message into the prompt when it should.
					</Blank>
				) : (
					<div className="mt-auto">
						{chat.hasOlder && (
							<div className="flex justify-center pb-2">
								<Button size="sm" variant="ghost" onClick={verbs.loadOlder}>
									Show older
								</Button>
							</div>
						)}
						{chat.messages.map((message) => (
							<ChatRow
								key={message.id}
								message={message}
								author={personOf(message.userId)}
								isMine={message.userId === me}
								mayDelete={isOwner}
								mayQuote={canPrompt}
								isReadOnly={isArchived}
								verbs={verbs}
							/>
						))}
						{chat.outgoing.map(({ nonce, input, state }) => (
							<article key={nonce} aria-label="Your message, not sent yet" className="px-4 py-1.5 ps-12.5 text-sm">
								<p className="whitespace-pre-wrap break-words text-text-muted">{input.text}</p>
								{state.type === "failed" ? (
									<p className="flex flex-wrap items-center gap-2 text-danger-text text-xs">
										{wordsFor(state.problem)}
										<Button size="sm" variant="ghost" onClick={() => verbs.retry(nonce)}>
											Try again
										</Button>
										<Button size="sm" variant="ghost" onClick={() => verbs.discard(nonce)}>
											Discard
										</Button>
									</p>
								) : (
									<p className="text-text-faint text-xs">Sending…</p>
								)}
							</article>
						))}
					</div>
				)}
			</div>
			{isArchived ? (
				<p className="px-4 py-3 text-center text-sm text-text-muted">This workspace is archived.</p>
			) : (
				<Composer
					label="Message the others"
					placeholder="Message the others"
					value={text}
					charsMax={LIMITS.messageTextCharsMax}
					notice={
						refusal && (
							<p role="alert" className="text-danger-text">
								{refusal}
							</p>
						)
					}
					onChange={change}
					onSubmit={submit}
					footer="The agent never reads this."
				/>
			)}
		</>
	);
}
