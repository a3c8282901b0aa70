/** What RivetKit's JSON encoding puts on the wire towards clients (rivetkit 2.3.19), as bytes for any client's socket. */

/** `id` is JSON text, echoed as it was read. */
export const initFrame = (actorId: string, connectionId: string): Buffer =>
	textFrame(`{"body":{"tag":"Init","val":${JSON.stringify({ actorId, connectionId })}}}`);

export const answerFrame = (id: string, output: unknown): Buffer =>
	textFrame(`{"body":{"tag":"ActionResponse","val":{"id":${id},"output":${textOf(output)}}}}`);

export const eventFrame = (name: string, args: unknown): Buffer =>
	textFrame(`{"body":{"tag":"Event","val":{"name":${JSON.stringify(name)},"args":${textOf(args)}}}}`);

/** A refusal as RivetKit words it. */
export interface Refusal {
	readonly group: string;
	readonly code: string;
	readonly message: string;
	readonly metadata?: unknown;
}

/** Which actor refuses, as its errors say. */
export interface ActorSpecifier {
	readonly actorId: string;
	readonly generation: number;
	readonly key: string;
}

/** The refusal of one call, which names the actor, or of the connection itself (`id` null), which does not. */
export function errorFrame(id: string | null, refusal: Refusal, actor?: ActorSpecifier): Buffer {
	const { group, code, message, metadata = {} } = refusal;
	const said = JSON.stringify({ ...(actor && { actor }), group, code, message, metadata });
	return textFrame(`{"body":{"tag":"Error","val":{"actionId":${id},${said.slice(1)}}}`);
}

/** An unmasked text frame (RFC 6455, 5.2): the same bytes for everybody, so one event is written once for all. */
export function textFrame(text: string): Buffer {
	const length = Buffer.byteLength(text);
	const header = length < 126 ? 2 : length < 65_536 ? 4 : 10;
	const frame = Buffer.allocUnsafe(header + length);
	frame[0] = 0x81;
	if (header === 2) frame[1] = length;
	else if (header === 4) {
		frame[1] = 126;
		frame.writeUInt16BE(length, 2);
	} else {
		frame[1] = 127;
		frame.writeBigUInt64BE(BigInt(length), 2);
	}
	frame.write(text, header);
	return frame;
}

/** RivetKit writes nothing for `undefined` where JSON has no word for it; its clients read `null` the same. */
const textOf = (value: unknown): string => JSON.stringify(value) ?? "null";
