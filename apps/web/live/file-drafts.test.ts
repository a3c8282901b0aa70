import { expect, test, vi } from "vitest";
import { FileDrafts, type FileSender, forgetPreview } from "./file-drafts.ts";
import { keptOf } from "./kept-files.ts";

interface Sending {
	name: string;
	key: string;
	signal: AbortSignal;
	progress: (done: number) => void;
	arrive: () => void;
	fail: () => void;
}

function desk(more: Partial<FileSender<string>> = {}) {
	const sendings: Sending[] = [];
	const forgotten: string[] = [];
	const drafts = new FileDrafts<string>({
		send: (file, { key, signal, onProgress }) =>
			new Promise((resolve, reject) => {
				const { name } = file;
				const arrive = () => resolve(`kept ${name}`);
				sendings.push({ name, key, signal, progress: onProgress, arrive, fail: () => reject(new Error("cut")) });
			}),
		forget: (kept) => forgotten.push(kept),
		refusal: () => ({ reason: "The connection broke.", isFinal: false }),
		max: 3,
		atOnce: 2,
		...more,
	});
	const states = () => drafts.getSnapshot().map(({ file, state }) => `${file.name} ${state.type}`);
	return { drafts, sendings, forgotten, states };
}
const file = (name: string, type = "text/plain") => new File(["words"], name, { type });

test("files are sent as they are chosen, so many at once, in their order", async () => {
	const { drafts, sendings, states } = desk();
	expect(drafts.add([file("a"), file("b"), file("c")])).toBe(0);
	expect(sendings.map(({ name }) => name)).toEqual(["a", "b"]);
	sendings[1]!.arrive();
	await vi.waitFor(() => expect(sendings.map(({ name }) => name)).toEqual(["a", "b", "c"]));
	expect(states()).toEqual(["a sending", "b kept", "c sending"]);
	expect(keptOf(drafts.getSnapshot())).toBeNull();
	for (const sending of sendings) sending.arrive();
	await vi.waitFor(() => expect(keptOf(drafts.getSnapshot())).toEqual(["kept a", "kept b", "kept c"]));
});

test("how far one is is shown, and not once it was taken out", () => {
	const { drafts, sendings } = desk();
	drafts.add([file("a")]);
	sendings[0]!.progress(0.5);
	expect(drafts.getSnapshot()[0]!.state).toEqual({ type: "sending", done: 0.5 });
	drafts.remove(drafts.getSnapshot()[0]!.key);
	sendings[0]!.progress(0.6);
	expect(drafts.getSnapshot()).toEqual([]);
});

test("there is room for so many, and whoever chose more hears how many were left out", () => {
	const { drafts, states } = desk();
	expect(drafts.add([file("a"), file("b")])).toBe(0);
	expect(drafts.add([file("c"), file("d"), file("e")])).toBe(2);
	expect(drafts.add([file("f")])).toBe(1);
	expect(states()).toEqual(["a sending", "b sending", "c sending"]);
});

test("one that is taken out is stopped and makes way; if it had arrived, the server is told", async () => {
	const { drafts, sendings, forgotten, states } = desk();
	drafts.add([file("a"), file("b"), file("c")]);
	const [a, b] = sendings;
	drafts.remove(a!.key);
	expect(a!.signal.aborted).toBe(true);
	expect(sendings.map(({ name }) => name)).toEqual(["a", "b", "c"]);
	a!.arrive(); // it was there before it could be stopped
	b!.arrive();
	await vi.waitFor(() => expect(states()).toEqual(["b kept", "c sending"]));
	drafts.remove(b!.key);
	expect(forgotten).toEqual(["kept a", "kept b"]);
});

test("one that did not arrive says why and is tried again under the same key", async () => {
	const { drafts, sendings, states } = desk();
	drafts.add([file("a")]);
	sendings[0]!.fail();
	await vi.waitFor(() => expect(states()).toEqual(["a failed"]));
	expect(drafts.getSnapshot()[0]!.state).toMatchObject({ reason: "The connection broke.", isFinal: false });
	drafts.retry(sendings[0]!.key);
	expect(states()).toEqual(["a sending"]);
	expect(sendings[1]!.key).toBe(sendings[0]!.key);
	sendings[1]!.arrive();
	await vi.waitFor(() => expect(states()).toEqual(["a kept"]));
	drafts.retry(sendings[0]!.key);
	expect(sendings).toHaveLength(2);
});

test("what is taken is gone from here, and what was on its way ends", async () => {
	const { drafts, sendings, forgotten } = desk();
	drafts.add([file("a"), file("b")]);
	sendings[0]!.arrive();
	await vi.waitFor(() => expect(drafts.getSnapshot()[0]!.state.type).toBe("kept"));
	expect(drafts.take()).toHaveLength(2);
	expect(sendings[1]!.signal.aborted).toBe(true);
	expect(drafts.getSnapshot()).toEqual([]);
	expect(forgotten).toEqual([]);
});

test("pictures that every browser draws have a preview, which is given back", () => {
	const revoked = vi.spyOn(URL, "revokeObjectURL");
	const { drafts } = desk();
	drafts.add([file("a.png", "image/png"), file("b.svg", "image/svg+xml")]);
	const [picture, drawing] = drafts.getSnapshot();
	expect(picture!.preview).toMatch(/^blob:/);
	expect(drawing!.preview).toBeNull();
	drafts.remove(picture!.key);
	expect(revoked).toHaveBeenCalledExactlyOnceWith(picture!.preview);
	forgetPreview(drawing!);
	expect(revoked).toHaveBeenCalledOnce();
});
