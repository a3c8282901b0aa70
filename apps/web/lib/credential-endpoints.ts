import type { CredentialView } from "@bullpen/credentials/credential";
import { type Payer, Provider, SERVER } from "@bullpen/credentials/provider";
import { UserId } from "@bullpen/domain/id";
import { Problem } from "@bullpen/domain/problem";
import { z } from "zod";
import { done, type Endpoint, readBody } from "./api.ts";
import { credentials } from "./credentials.ts";
import { type Identity, requirePerson } from "./identity.ts";
import type { Person } from "./person.ts";

const Scope = z.enum(["me", "server"]);
const KeyWish = z.strictObject({ scope: Scope, provider: Provider, key: z.string().min(1).max(4_000) });
const KeyName = z.strictObject({ scope: Scope, provider: Provider });
const EndpointWish = z.strictObject({
	provider: Provider,
	/** Null: the provider's own address again. */
	baseUrl: z.string().max(1_000).nullable(),
	isPrivateAllowed: z.boolean(),
});

/** `GET /api/credentials`: which keys there are, by their last characters. The server's are the owner's to see. */
export const getCredentials: Endpoint = async (held, request) => {
	const person = await requireMember(held, request.headers);
	const store = credentials(held.settings);
	const isOwner = person.role === "owner";
	const body = {
		mine: store.list(ownPayer(person)).map(shown),
		server: isOwner ? store.list(SERVER).map(shown) : null,
		endpoints: store
			.endpoints()
			.map(({ provider, baseUrl, isPrivateAllowed }) => ({ provider, baseUrl, isPrivateAllowed })),
	};
	return Response.json(body, { headers: { "cache-control": "no-store" } });
};

/** `POST /api/credentials`: stores a key in place of the one before. It is never read out again. */
export const postCredential: Endpoint = async (held, request) => {
	const person = await requireMember(held, request.headers);
	const { scope, provider, key } = await readBody(KeyWish, request);
	credentials(held.settings).put(payerOf(scope, person), provider, key, person.id);
	return done();
};

/** `POST /api/credentials/remove`. */
export const postCredentialRemoval: Endpoint = async (held, request) => {
	const person = await requireMember(held, request.headers);
	const { scope, provider } = await readBody(KeyName, request);
	credentials(held.settings).remove(payerOf(scope, person), provider);
	return done();
};

/** `POST /api/credentials/endpoint` by an owner: where a provider's requests go from now on. */
export const postEndpoint: Endpoint = async (held, request) => {
	const person = await requireMember(held, request.headers);
	refuseUnlessOwner(person);
	const { provider, baseUrl, isPrivateAllowed } = await readBody(EndpointWish, request);
	const store = credentials(held.settings);
	if (baseUrl === null) store.clearEndpoint(provider);
	else store.setEndpoint(provider, { baseUrl, isPrivateAllowed }, person.id);
	return done();
};

/** Guests prompt nobody, so they pay for nothing. */
async function requireMember(held: Identity, headers: Headers): Promise<Person> {
	const { person } = await requirePerson(held, headers);
	if (person.role === "guest") throw new Problem("forbidden", "Guests have no keys here.");
	return person;
}

function payerOf(scope: z.infer<typeof Scope>, person: Person): Payer {
	if (scope === "me") return ownPayer(person);
	refuseUnlessOwner(person);
	return SERVER;
}

const ownPayer = ({ id }: Person): Payer => ({ kind: "person", userId: UserId.parse(id) });

function refuseUnlessOwner({ role }: Person): void {
	if (role !== "owner") throw new Problem("forbidden", "Only an owner of this server can do that.");
}

const shown = ({ provider, ending, state, rotatedAt }: CredentialView) => ({ provider, ending, state, rotatedAt });
