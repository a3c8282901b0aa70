import { Problem } from "@bullpen/domain/problem";
import { asProblem } from "../problem-response.ts";

/** How far something long is, in the one of its steps. */
export interface Progress {
	readonly step: "messages" | "files";
	readonly done: number;
	readonly of: number;
}

const TELL_MS = 200;

/**
 * Answers while something long goes on: JSON a line, `{"progress":{step,done,of}}` now and then and at last `{"result":…}` or
 * `{"problem":{code,message,details}}`. It ends with whoever asked for it.
 */
export function progressResponse<Result>(
	request: Request,
	work: (tell: (progress: Progress) => void, signal: AbortSignal) => Promise<Result>,
): Response {
	const gone = new AbortController();
	const signal = AbortSignal.any([request.signal, gone.signal]);
	const encoder = new TextEncoder();
	const body = new ReadableStream<Uint8Array>({
		start(controller) {
			const say = (line: object): void => {
				if (!signal.aborted) controller.enqueue(encoder.encode(`${JSON.stringify(line)}\n`));
			};
			let toldAt = Number.NEGATIVE_INFINITY;
			const tell = (progress: Progress): void => {
				if (performance.now() - toldAt < TELL_MS) return;
				toldAt = performance.now();
				say({ progress });
			};
			void work(tell, signal)
				.then((result) => say({ result }))
				.catch((error: unknown) => say({ problem: wordsFor(error) }))
				.finally(() => {
					if (!signal.aborted) controller.close();
				});
		},
		cancel: () => gone.abort(),
	});
	return new Response(body, {
		headers: { "content-type": "application/x-ndjson", "cache-control": "no-store", "x-accel-buffering": "no" },
	});
}

function wordsFor(error: unknown): object {
	const problem = asProblem(error);
	if (problem === undefined) process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
	const { code, message, details } = problem ?? new Problem("busy", "This did not work. Try again in a moment.");
	return { code, message, details };
}
