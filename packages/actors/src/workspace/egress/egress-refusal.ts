export type EgressRefusalKind =
	| "bad_request"
	| "not_allowed"
	| "unknown_host"
	| "private_address"
	| "unreachable"
	| "busy";

/** Why a sandbox did not get out; the message is a sentence that its programs show. */
export class EgressRefusal extends Error {
	override readonly name = "EgressRefusal";
	readonly kind: EgressRefusalKind;
	readonly status: number;

	constructor(kind: EgressRefusalKind, status: number, message: string) {
		super(message);
		this.kind = kind;
		this.status = status;
	}
}
