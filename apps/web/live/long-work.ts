import { ConnectionLost } from "@bullpen/client/refusal";
import { Problem, ProblemCode, ProblemDetails } from "@bullpen/domain/problem";
import { z } from "zod";

const Refusal = z.object({ code: ProblemCode, message: z.string(), details: ProblemDetails.default({}) });
type Refusal = z.infer<typeof Refusal>;
/** `done` is 0 to 1 of its step; undefined while that is not known. */
export interface WorkProgress {
	readonly step: "messages" | "files";
	readonly done: number | undefined;
}
const Line = z.union([
	z.object({ progress: z.object({ step: z.enum(["messages", "files"]), done: z.number(), of: z.number() }) }),
	z.object({ problem: Refusal }),
	z.object({ result: z.record(z.string(), z.unknown()) }),
]);

interface LongWork<Result> {
	/** What is asked for, as JSON. */
	readonly body?: object;
	readonly result: z.ZodType<Result>;
	readonly signal: AbortSignal;
	onProgress(progress: WorkProgress): void;
}

/**
 * Asks the web for something that takes a while and follows it to its end, a line of JSON at a time. It ends with `signal`.
 * @throws Problem as it was refused · ConnectionLost
 */
export async function followWork<Result>(path: string, work: LongWork<Result>): Promise<Result> {
	const headers = { "content-type": "application/json" };
	const asked = work.body === undefined ? {} : { headers, body: JSON.stringify(work.body) };
	const response = await fetch(path, { method: "POST", signal: work.signal, ...asked }).catch(brokenOff);
	if (!response.ok || response.body === null) {
		const refusal = Refusal.safeParse(await response.json().catch(() => null)); // whatever answered, it was not the web's API
		throw refusal.success ? problemOf(refusal.data) : new ConnectionLost("The server gave no answer.");
	}
	const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
	for (let begun = ""; ; ) {
		const { done, value = "" } = await reader.read().catch(brokenOff);
		const lines = `${begun}${value}`.split("\n");
		begun = lines.pop() ?? "";
		for (const line of lines) {
			const said = Line.parse(JSON.parse(line));
			if ("result" in said) return work.result.parse(said.result);
			if ("problem" in said) throw problemOf(said.problem);
			const { step, done: part, of } = said.progress;
			work.onProgress({ step, done: of === 0 ? undefined : part / of });
		}
		if (done) return brokenOff();
	}
}

const problemOf = ({ code, message, details }: Refusal): Problem => new Problem(code, message, details);

const brokenOff = (): never => {
	throw new ConnectionLost("It broke off.");
};
