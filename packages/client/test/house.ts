import { createClient } from "rivetkit/client";
import { type ActorsProcess, type House, openHouse } from "../../actors/test/harness.ts";
import { type Bullpen, connectBullpen } from "../src/bullpen.ts";
import { CLIENT_LIMITS, type ClientLimits } from "../src/limits.ts";

export { type ActorsProcess, type House, openHouse };

/** RivetKit's log says on the console what the tests provoke on purpose. */
process.env.RIVET_LOG_LEVEL ??= "silent";

/** As patient as a test can be: everything that waits for time waits a fraction of it. */
const QUICK: ClientLimits = {
	...CLIENT_LIMITS,
	connectMs: 2_000,
	diagnoseMs: 500,
	callMs: 2_000,
	checkMs: 1_000,
	backoffMinMs: 50,
	backoffMaxMs: 500,
	arrivalMs: 200,
};

/** Somebody's program, known to the directory and with tickets, both as the web does it. */
export const visitor = async (
	house: House,
	id: string,
	{ endpoint = house.peopleEndpoint, limits = QUICK }: { endpoint?: string; limits?: ClientLimits } = {},
): Promise<Bullpen> => {
	await register(house, id);
	return await connectBullpen({
		url: endpoint,
		endpoint,
		limits,
		getTickets: async (actors) => ({
			user: { id, name: id, role: "member" },
			tickets: actors.map(({ actor, key }) => ({
				actor,
				key,
				...house.ticket(actor, key, { id }),
				expiresAt: Date.now() + 120_000,
			})),
		}),
	});
};

const register = async (house: House, userId: string): Promise<void> => {
	const client = createClient({ endpoint: house.engine.endpoint, encoding: "json", disableMetadataLookup: true });
	const directory = client.get("directory", ["main"], { params: house.service("directory", "main", "web", "web") });
	await directory.action({ name: "registerPerson", args: [{ userId, name: userId, role: "member" }] });
	await client.dispose();
};
