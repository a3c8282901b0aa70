import { mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectBullpen } from "@bullpen/client/bullpen";
import { signInWithName } from "@bullpen/client/sign-in";
import { until } from "@bullpen/client/until";
import { expect, test } from "@playwright/test";
import { copyData, startOwnStack } from "../own-stack.ts";

/** What one person may send in one go. */
const MESSAGES = 10;

test("what was stopped, copied and started elsewhere is the same server", async () => {
	test.setTimeout(120_000);
	const copy = join(mkdtempSync(join(realpathSync(tmpdir()), "bullpen-backup-")), "data");
	mkdirSync(copy);
	const visit = async (url: string) => {
		const ada = await connectBullpen({ url, fetch: await signInWithName(url, "Ada") });
		const { store, loaded } = await ada.openRoom({ name: "kept" });
		await loaded(AbortSignal.timeout(20_000));
		return { ada, store };
	};
	const first = await startOwnStack();
	const { ada, store } = await visit(first.url);
	for (let index = 0; index < MESSAGES; index++) store.send({ text: `message ${index}` });
	await until(store, ({ messages }) => messages.at(-1)?.id === MESSAGES, AbortSignal.timeout(60_000));
	const hash = await store.getHash();
	ada.close();
	await first.stop(copy);

	const second = await startOwnStack({}, (dataFolder) => copyData(copy, dataFolder));
	try {
		const again = await visit(second.url);
		expect(again.ada.me.id).toBe(ada.me.id);
		expect(await again.store.getHash()).toEqual(hash);
		again.store.send({ text: "after the backup" });
		await until(again.store, ({ messages }) => messages.at(-1)?.id === MESSAGES + 1, AbortSignal.timeout(20_000));
		again.ada.close();
	} finally {
		await second.stop();
		rmSync(join(copy, ".."), { recursive: true, force: true });
	}
});
