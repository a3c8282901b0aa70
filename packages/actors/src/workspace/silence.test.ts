import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Silence } from "./silence.ts";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const start = () => {
	const onSilent = vi.fn();
	const state = { isWorking: true };
	const silence = new Silence({ waitMs: 1_000, now: Date.now, isWorking: () => state.isWorking, onSilent });
	return { onSilent, silence, state };
};

test("it is told once that nothing was heard for long, and again after the next word", () => {
	const { onSilent, silence } = start();
	vi.advanceTimersByTime(900);
	silence.heard();
	vi.advanceTimersByTime(900);
	expect(onSilent).not.toHaveBeenCalled();
	vi.advanceTimersByTime(5_000);
	expect(onSilent).toHaveBeenCalledTimes(1);
	silence.heard();
	vi.advanceTimersByTime(3_000);
	expect(onSilent).toHaveBeenCalledTimes(2);
});

test("waiting for somebody else is no silence", () => {
	const { onSilent, silence, state } = start();
	state.isWorking = false;
	vi.advanceTimersByTime(10_000);
	expect(onSilent).not.toHaveBeenCalled();
	state.isWorking = true;
	vi.advanceTimersByTime(2_000);
	expect(onSilent).toHaveBeenCalledTimes(1);
	silence.close();
	silence.heard();
	vi.advanceTimersByTime(10_000);
	expect(onSilent).toHaveBeenCalledTimes(1);
});
