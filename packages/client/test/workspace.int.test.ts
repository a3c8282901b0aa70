import type { PermissionRow } from "@bullpen/domain/workspace";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Bullpen } from "../src/bullpen.ts";
import type { Held } from "../src/pool.ts";
import { until } from "../src/until.ts";
import type { WorkspaceStore } from "../src/workspace-store.ts";
import { type House, openHouse, visitor } from "./house.ts";

let house: House;
const programs: Bullpen[] = [];
const as = async (id: string): Promise<Bullpen> => {
	const program = await visitor(house, id);
	programs.push(program);
	return program;
};
const soon = (ms = 30_000): AbortSignal => AbortSignal.timeout(ms);
const question = (workspace: Held<WorkspaceStore>): Promise<PermissionRow> =>
	until(workspace.store, ({ transcript }) => transcript.pendingPermissions[0], soon());
const ended = (workspace: Held<WorkspaceStore>, turns: number): Promise<unknown> =>
	until(
		workspace.store,
		({ transcript }) => [...transcript.turns.values()].filter(({ status }) => status !== "running").length === turns,
		soon(),
	);

beforeAll(async () => {
	house = await openHouse();
	await Promise.all([house.startActors("rooms"), house.startActors("workspaces")]);
}, 60_000);
afterAll(async () => {
	for (const program of programs) program.close();
	await house?.stop();
}, 30_000);

describe("a program in a real workspace", () => {
	test("one prompts, the other approves, both see the same transcript, and it is there again later", async () => {
		const [ada, bob] = await Promise.all([as("ada"), as("bob")]);
		const adas = await ada.createWorkspace({ name: "notes", agent: "demo" });
		await adas.loaded(soon());
		const bobs = bob.workspace(adas.store.getSnapshot().transcript.session!.workspaceId);
		await bobs.loaded(soon());

		adas.store.prompt("create hello.txt with: hello from a program");
		const { id, options } = await question(bobs);
		await bobs.store.control.answerPermission(id, options.find(({ kind }) => kind.startsWith("allow"))!.optionId);
		await Promise.all([ended(adas, 1), ended(bobs, 1)]);
		await expect(adas.store.control.answerPermission(id, options[0]!.optionId)).rejects.toMatchObject({
			code: "already_answered",
		});

		const items = adas.store.getSnapshot().transcript.items;
		expect(items[0]?.body).toMatchObject({
			type: "user",
			userId: "ada",
			text: "create hello.txt with: hello from a program",
		});
		expect(items.some(({ body }) => body.type === "tool" && body.status === "completed")).toBe(true);
		await until(bobs.store, ({ transcript }) => transcript.items.length === items.length, soon());
		expect(bobs.store.getSnapshot().transcript.items).toEqual(items);
		bobs.release();
		const again = bob.workspace(adas.store.getSnapshot().transcript.session!.workspaceId);
		await again.loaded(soon());
		expect(again.store.getSnapshot().transcript.items).toEqual(items);
		expect(again.store.getSnapshot().transcript.permissions).toMatchObject([{ answeredBy: "bob" }]);
	}, 90_000);
});
