import { expect, test, vi } from "vitest";
import { StoreCache } from "./store-cache.ts";

test("a key has one store until others push it out, and then it is let go", () => {
	const make = vi.fn((key: string) => ({ key, dispose: vi.fn() }));
	const cache = new StoreCache(make, 2);
	const a = cache.get("a");
	const b = cache.get("b");
	expect(cache.get("a")).toBe(a);
	cache.get("c");
	expect(b.dispose).toHaveBeenCalledOnce();
	expect(a.dispose).not.toHaveBeenCalled();
	expect(cache.get("b")).not.toBe(b);
});
