"use client";
import { uploadArchive } from "@bullpen/client/upload";
import type { CreateWorkspaceInput } from "@bullpen/domain/directory";
import type { StartFromInput, WorkspaceOrigin } from "@bullpen/domain/origin";
import { useEffect, useRef, useState } from "react";
import type { z } from "zod";
import { useLive } from "../../../live/live.tsx";
import { wordsFor } from "../../../live/words.ts";

/** What a workspace is to start from, as it was chosen. */
export type ChosenOrigin =
	| { kind: "empty" }
	| { kind: "archive"; file: File }
	| { kind: "git"; url: string; branch: string; token: string };

type Making =
	| { step: "form"; error: string | null }
	| { step: "creating" }
	| { step: "uploading"; done: number }
	/** The workspace is there; its files are to come. `start` is sent once its page is connected. */
	| { step: "starting"; workspaceId: string; start: StartFromInput }
	| { step: "failed"; workspaceId: string; reason: string; detail: string | undefined };

interface NewWorkspaceModel {
	making: Making;
	create: (input: Omit<z.input<typeof CreateWorkspaceInput>, "nonce">, origin: ChosenOrigin) => void;
	/** How the files came, as the workspace told. */
	ended: (origin: WorkspaceOrigin, reason: string) => void;
	refused: (reason: string) => void;
	/** Ends an upload that is under way. */
	cancel: () => void;
	again: () => void;
}

/**
 * Makes one workspace, with what it starts from: the upload first, then the workspace, then its files. Whatever is tried
 * again is tried with the same workspace.
 */
export function useNewWorkspace(onMade: (workspaceId: string) => void): NewWorkspaceModel {
	const { directory } = useLive();
	const [making, setMaking] = useState<Making>({ step: "form", error: null });
	const [made, setMade] = useState<{ key: string; nonce: string } | null>(null);
	const upload = useRef<AbortController | null>(null);
	useEffect(() => () => upload.current?.abort(), []);

	const run = async (input: Parameters<NewWorkspaceModel["create"]>[0], origin: ChosenOrigin): Promise<void> => {
		let start: StartFromInput | null = null;
		if (origin.kind === "archive") {
			const giveUp = new AbortController();
			upload.current = giveUp;
			setMaking({ step: "uploading", done: 0 });
			const uploadId = await uploadArchive({
				url: "",
				file: origin.file,
				signal: giveUp.signal,
				onProgress: (done) => setMaking({ step: "uploading", done }),
			});
			start = { kind: "archive", uploadId, name: origin.file.name };
		} else if (origin.kind === "git") {
			const { url: address, branch, token } = origin;
			start = {
				...{ kind: "git", url: address.trim() },
				...(branch.trim() === "" ? {} : { branch: branch.trim() }),
				...(token.trim() === "" ? {} : { token: token.trim() }),
			};
		}
		setMaking({ step: "creating" });
		// The same words make the same workspace, however often it is tried; other words another one.
		const key = JSON.stringify(input);
		const nonce = made?.key === key ? made.nonce : randomNonce();
		setMade({ key, nonce });
		const { workspaceId } = await directory.createWorkspace({ ...input, nonce });
		if (start === null) onMade(workspaceId);
		else setMaking({ step: "starting", workspaceId, start });
	};
	return {
		making,
		create: (input, origin) =>
			void run(input, origin).catch((error: unknown) => {
				const isCancelled = upload.current?.signal.aborted === true;
				setMaking({ step: "form", error: isCancelled ? null : wordsFor(error) });
			}),
		ended: (origin, reason) => {
			if (making.step !== "starting") return;
			if (origin.state === "done") onMade(making.workspaceId);
			else setMaking({ step: "failed", workspaceId: making.workspaceId, reason, detail: origin.detail });
		},
		refused: (reason) => {
			if (making.step === "starting")
				setMaking({ step: "failed", workspaceId: making.workspaceId, reason, detail: undefined });
		},
		cancel: () => upload.current?.abort(),
		again: () => setMaking({ step: "form", error: null }),
	};
}

const randomNonce = (): string =>
	Array.from(crypto.getRandomValues(new Uint32Array(4)), (number) => number.toString(36)).join("-");
