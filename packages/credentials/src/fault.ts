/** Credentials that cannot be used as things stand; the sentence tells an operator what to do. Never holds a key. */
export class CredentialsFault extends Error {
	override readonly name = "CredentialsFault";
}
