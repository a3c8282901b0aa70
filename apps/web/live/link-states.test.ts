import { Problem } from "@bullpen/domain/problem";
import { expect, test, vi } from "vitest";
import { LinkStates } from "./link-states.ts";

const [a, b] = [{}, {}];
const retry = () => undefined;

test("the page is as well connected as the worst of its connections", () => {
	const links = new LinkStates();
	expect(links.getSnapshot()).toBe("connecting");
	links.set(a, { type: "live" }, retry);
	links.set(b, { type: "connecting" }, retry);
	expect(links.getSnapshot()).toBe("connecting");
	links.set(b, { type: "live" }, retry);
	expect(links.getSnapshot()).toBe("live");
	links.set(a, { type: "reconnecting", attempt: 1, retryAt: null }, retry);
	expect(links.getSnapshot()).toBe("reconnecting");
	links.delete(a);
	expect(links.getSnapshot()).toBe("live");
});

test("a closed room is not a lost connection, a lost sign-in is", () => {
	const links = new LinkStates();
	links.set(a, { type: "refused", problem: new Problem("forbidden", "No.") }, retry);
	expect(links.getSnapshot()).toBe("live");
	links.set(a, { type: "refused", problem: new Problem("unauthenticated", "No.") }, retry);
	expect(links.getSnapshot()).toBe("signed-out");
});

test("trying again leaves good connections alone, and listeners hear only of changes", () => {
	const links = new LinkStates();
	const [good, lost, heard] = [vi.fn(), vi.fn(), vi.fn()];
	links.set(a, { type: "live" }, good);
	links.set(b, { type: "offline" }, lost);
	links.subscribe(heard);
	links.set(b, { type: "offline" }, lost);
	links.retry();
	expect(good).not.toHaveBeenCalled();
	expect(lost).toHaveBeenCalledOnce();
	expect(heard).not.toHaveBeenCalled();
});
