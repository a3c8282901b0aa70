/** Why Bullpen does not start, as one sentence for the person who started it: no stack trace would help them. */
export class Refusal extends Error {
	override readonly name = "Refusal";
}
