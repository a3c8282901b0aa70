import type { Credential } from "@bullpen/credentials/credential";
import type { Credentials } from "@bullpen/credentials/credentials";
import { type Provider, SERVER } from "@bullpen/credentials/provider";
import { chosenPayer, type PayerWish, payerWithout, type WorkspacePayer } from "@bullpen/domain/payer";
import type { Actor } from "@bullpen/domain/prompt-rules";
import type { Members } from "./members.ts";
import { putAct, type Scope, type WorkspaceDraft } from "./scope.ts";
import type { Session } from "./session.ts";

/** The keys there are, as far as a workspace asks: the one of its payer. */
export type Keys = Pick<Credentials, "find">;

/** Whose key this workspace's agent uses. */
export class Payer {
	readonly #scope: Scope;
	readonly #session: Session;
	readonly #members: Members;
	readonly #keys: Keys | undefined;

	constructor(scope: Scope, parts: { session: Session; members: Members; keys: Keys | undefined }) {
		this.#scope = scope;
		this.#session = parts.session;
		this.#members = parts.members;
		this.#keys = parts.keys;
	}

	/** The key that counts now; asked for each request, so that it ends with the consent. */
	keyOf(provider: Provider): Credential | undefined {
		const payer = this.#session.row?.payer;
		if (payer === undefined) return undefined;
		if (payer.kind === "server") return this.#keys?.find(SERVER, provider);
		if (this.#members.isRemoved(payer.userId)) return undefined;
		return this.#keys?.find({ kind: "person", userId: payer.userId }, provider);
	}

	/** @throws Problem `forbidden` */
	async set(wish: PayerWish, acting: (draft: WorkspaceDraft) => Actor): Promise<void> {
		await this.#scope.writer.write((draft) => {
			const by = acting(draft);
			const before = this.#session.seen(draft)?.payer;
			const payer = chosenPayer(before, wish, by, this.#scope.now());
			if (nameOf(before) === nameOf(payer)) return;
			this.#session.put(draft, { payer });
			putAct(this.#scope, draft, { type: "payer-changed", by: by.userId, from: nameOf(before), to: nameOf(payer) });
		});
	}

	/** With the commit that puts somebody out. */
	putLeft(draft: WorkspaceDraft, userId: string): void {
		this.#session.put(draft, { payer: payerWithout(this.#session.seen(draft)?.payer, userId) });
	}
}

const nameOf = (payer: WorkspacePayer | undefined): string =>
	payer === undefined ? "nobody" : payer.kind === "server" ? "server" : payer.userId;
