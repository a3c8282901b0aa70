/** One event of a `text/event-stream` (html.spec.whatwg.org, server-sent events). */
export interface StreamEvent {
	readonly id?: string;
	readonly data: string;
}

export interface EventRewriting {
	readonly bytesMax: number;
	onTooLong(): void;
	rewrite(event: StreamEvent): StreamEvent | undefined;
}

/**
 * Cuts a stream into events and lets `rewrite` say what goes on: the event, a changed one, or `undefined` for one whose
 * content is kept back (its id still goes on, so that a reconnect continues after it).
 * A broken connection ends the stream instead of failing it: Sandbox Agent's client reconnects after an end and gives up
 * after an error. An event above `bytesMax` ends it for good.
 */
export function rewriteEvents(
	source: ReadableStream<Uint8Array>,
	{ bytesMax, onTooLong, rewrite }: EventRewriting,
): ReadableStream<Uint8Array> {
	const reader = source.getReader();
	const decoder = new TextDecoder();
	const encoder = new TextEncoder();
	let held = "";
	return new ReadableStream<Uint8Array>({
		async pull(controller) {
			for (;;) {
				const chunk = await reader.read().catch(() => undefined); // the connection broke: the same as its end
				if (!chunk || chunk.done) return controller.close();
				const blocks = (held + decoder.decode(chunk.value, { stream: true })).replaceAll("\r\n", "\n").split("\n\n");
				held = blocks.pop() ?? "";
				if (held.length > bytesMax) {
					onTooLong();
					await reader.cancel();
					return controller.close();
				}
				const written = blocks.map((block) => rewritten(block, rewrite)).join("");
				if (written === "") continue;
				return controller.enqueue(encoder.encode(written));
			}
		},
		cancel: (reason) => reader.cancel(reason),
	});
}

function rewritten(block: string, rewrite: EventRewriting["rewrite"]): string {
	const lines = block.split("\n");
	const data = fieldsOf(lines, "data").join("\n");
	const id = fieldsOf(lines, "id").at(-1);
	const mark = id === undefined ? "" : `id: ${id}\n`;
	const other = fieldsOf(lines, "event").at(-1);
	if (data === "" || (other !== undefined && other !== "message")) return mark && `${mark}\n`;
	const event = rewrite(id === undefined ? { data } : { id, data });
	if (!event) return mark && `${mark}\n`;
	return `${mark}event: message\n${event.data
		.split("\n")
		.map((line) => `data: ${line}\n`)
		.join("")}\n`;
}

function fieldsOf(lines: readonly string[], name: string): string[] {
	const start = `${name}:`;
	return lines.filter((line) => line.startsWith(start)).map((line) => line.slice(start.length).replace(/^ /, ""));
}
