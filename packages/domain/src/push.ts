import { z } from "zod";

/** Names one device of one person: a hash of the address by which it is reached. */
const PushDeviceId = z.string().regex(/^[0-9a-f]{32}$/);

/**
 * How a device is reached, as its browser's push service gave it (Push API, `PushSubscription.toJSON()`). The keys are an
 * uncompressed point of P-256 and 16 bytes (RFC 8291), as base64url.
 */
export const PushSubscription = z.strictObject({
	endpoint: z.string().max(2_048),
	keys: z.strictObject({
		p256dh: z.string().regex(/^B[A-Za-z0-9_-]{86}$/),
		auth: z.string().regex(/^[A-Za-z0-9_-]{22}$/),
	}),
});
export type PushSubscription = z.infer<typeof PushSubscription>;

/** Which of somebody's sign-ins a device belongs to: one browser, one device. */
const SessionId = z.string().min(1).max(64);

/** Service only, from the web. Without `showsText` it stays as it was chosen before on this sign-in; at first text is shown. */
export const PutPushDeviceInput = z.strictObject({
	sessionId: SessionId,
	subscription: PushSubscription,
	showsText: z.boolean().optional(),
});
export type PutPushDeviceInput = z.infer<typeof PutPushDeviceInput>;
export const KeptPushDevice = z.strictObject({ deviceId: PushDeviceId, showsText: z.boolean() });
export type KeptPushDevice = z.infer<typeof KeptPushDevice>;
/** Service only, from the web: this sign-in has ended, or does not want to be told any more. */
export const ForgetPushDeviceInput = z.strictObject({ sessionId: SessionId });

export const TestPushInput = z.strictObject({ deviceId: PushDeviceId });
/** `gone`: the push service knows the device no more. `refused`: it does not take our messages. `unreachable`: no answer. */
export const PushOutcome = z.enum(["delivered", "gone", "refused", "unreachable"]);
export type PushOutcome = z.infer<typeof PushOutcome>;
export const PushTested = z.strictObject({ outcome: PushOutcome });

/**
 * Whether the device of this connection is looked at right now. It holds for `deviceUseMs`, or until the connection is gone.
 * Without `deviceId` it is a device that is not pushed to.
 */
export const NoteUseInput = z.strictObject({ isInUse: z.boolean(), deviceId: PushDeviceId.optional() });

/** What is sent to a device, encrypted for it alone. `tag`: the place it is about; a newer one of the same takes its place. */
export const PushMessage = z.strictObject({
	tag: z.string(),
	title: z.string(),
	body: z.string(),
	/** Where one click leads to, on this server. */
	path: z.string(),
	at: z.number(),
	/** The message of a room that it is about. */
	seq: z.number().optional(),
	/** It was asked for, and is shown whoever looks. */
	isTest: z.literal(true).optional(),
});
export type PushMessage = z.infer<typeof PushMessage>;
