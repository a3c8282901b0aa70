"use client";
import { useCallback, useEffect, useState } from "react";
import { z } from "zod";

const Provider = z.enum(["openai", "anthropic", "openai-compatible"]);
export type KeyProvider = z.infer<typeof Provider>;
const Shown = z.object({
	provider: Provider,
	/** Last characters. */
	ending: z.string(),
	state: z.enum(["usable", "moved", "unreadable"]),
	rotatedAt: z.number(),
});
export type ShownKey = z.infer<typeof Shown>;
const Keys = z.object({
	mine: z.array(Shown),
	/** Null for everybody but an owner. */
	server: z.array(Shown).nullable(),
	endpoints: z.array(z.object({ provider: Provider, baseUrl: z.string(), isPrivateAllowed: z.boolean() })),
});
export type Keys = z.infer<typeof Keys>;

const Refusal = z.object({ code: z.string(), message: z.string() });

export type KeysData = { phase: "loading" } | { phase: "failed" } | { phase: "ready"; keys: Keys };

/** The keys of whoever is signed in, and of the server for its owner. `act` answers why not, in words, or null. */
export function useKeys(): {
	data: KeysData;
	reload: () => void;
	act: (path: "" | "/remove" | "/endpoint", body: object) => Promise<string | null>;
} {
	const [data, setData] = useState<KeysData>({ phase: "loading" });
	const reload = useCallback(() => {
		void readKeys().then(setData);
	}, []);
	useEffect(reload, [reload]);
	const act = useCallback(
		async (path: string, body: object) => {
			const refusal = await post(`/api/credentials${path}`, body);
			if (refusal === null) reload();
			return refusal;
		},
		[reload],
	);
	return { data, reload, act };
}

async function readKeys(): Promise<KeysData> {
	try {
		const response = await fetch("/api/credentials");
		if (response.status === 403) return { phase: "ready", keys: { mine: [], server: null, endpoints: [] } };
		return response.ok ? { phase: "ready", keys: Keys.parse(await response.json()) } : { phase: "failed" };
	} catch {
		return { phase: "failed" }; // no network, or not our server
	}
}

async function post(path: string, body: object): Promise<string | null> {
	try {
		const response = await fetch(path, {
			method: "POST",
			headers: { "content-type": "application/json" },
			body: JSON.stringify(body),
		});
		if (response.ok) return null;
		const refusal = Refusal.safeParse(await response.json());
		// What is wrong with a key or an address only the server knows, and it says so for people.
		return refusal.success && refusal.data.code === "bad_input"
			? refusal.data.message
			: "That did not work. Try again.";
	} catch {
		return "The server could not be reached. Check your connection and try again.";
	}
}
