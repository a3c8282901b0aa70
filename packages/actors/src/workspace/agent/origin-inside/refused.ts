/** Why files do not come in: one of the words of `OriginProblem`, and what it is about. */
export class Refused extends Error {
	override readonly name = "Refused";
	readonly problem: string;

	constructor(problem: string, detail = "") {
		super(detail);
		this.problem = problem;
	}
}
