import { SendMessageInput } from "@bullpen/domain/message";
import { MESSAGE_ATTACHMENTS_MAX, UploadedAttachment } from "@bullpen/domain/message-attachment";
import { z } from "zod";

/** A message on its way, with what is known of its files: they are shown before it is sent. */
export const OutgoingMessage = SendMessageInput.omit({ nonce: true }).extend({
	attachments: z.array(UploadedAttachment).max(MESSAGE_ATTACHMENTS_MAX).optional(),
});
export type OutgoingMessage = z.infer<typeof OutgoingMessage>;

/** As the room takes it: files by their tokens. */
export const asSendInput = ({ attachments = [], ...rest }: OutgoingMessage & { nonce: string }): SendMessageInput =>
	attachments.length === 0 ? rest : { ...rest, attachments: attachments.map(({ token }) => token) };
