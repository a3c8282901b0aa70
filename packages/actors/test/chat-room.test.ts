import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { type House, openHouse } from "./harness.ts";
import { refused, Town } from "./room-client.ts";

let house: House;
let town: Town;

const ada = { id: "ada" };
const bob = { id: "bob" };

beforeAll(async () => {
	house = await openHouse();
	await house.startActors("rooms", { limits: { presenceGraceMs: 300 } });
	town = new Town(house);
	await town.register(ada, bob);
});
afterEach(() => town.leave());
afterAll(() => house?.stop());

describe("a room", () => {
	test("[R1] general is there from the start, and naming a new room opens one", async () => {
		const view = await town.as("directory", "main", ada).list();
		expect(view.rows).toContainEqual(
			expect.objectContaining({ kind: "directoryRoom", id: "general", name: "general" }),
		);
		const opened = await town.as("directory", "main", ada).openRoom({ name: "Design" });
		expect(opened).toMatchObject({ name: "Design", created: true });
		expect(await town.as("directory", "main", bob).openRoom({ name: " #design " })).toEqual({
			...opened,
			created: false,
		});
	});

	test("[R3] a message is stamped by the server, told to everybody and returned", async () => {
		const a = await town.sit("general", ada);
		const b = await town.sit("general", bob);
		const sent = await a.send("  hello  ", "n1");
		expect(sent).toMatchObject({ sender: "ada", text: "hello", nonce: "n1" });
		await vi.waitFor(() => {
			expect(a.messages).toEqual([sent]);
			expect(b.messages).toEqual([sent]);
			expect(b.batches.at(-1)?.rows).toEqual([sent]);
		});
		expect((await b.connection.getHistory()).messages.at(-1)).toEqual(sent);
		expect(await a.send("hello", "n1")).toEqual(sent);
		expect((await refused(a.send("other", "n1"))).code).toBe("nonce_reused");
	});
});
