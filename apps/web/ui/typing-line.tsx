/** Who is writing, in a sentence of bounded length. Announced politely. */
export function TypingLine({ names, verb = "typing" }: { names: readonly string[]; verb?: string }) {
	return (
		<span role="status" aria-label="Typing" className="flex min-w-0 items-center gap-1.5 truncate">
			{names.length > 0 && (
				<>
					<Dots />
					<span className="truncate">{sentenceOf(names, verb)}</span>
				</>
			)}
		</span>
	);
}

function sentenceOf(names: readonly string[], verb: string): string {
	const [first, second] = names;
	if (names.length === 1) return `${first} is ${verb}…`;
	if (names.length === 2) return `${first} and ${second} are ${verb}…`;
	if (names.length === 3) return `${first}, ${second} and ${names[2]} are ${verb}…`;
	return `${first}, ${second} and ${names.length - 2} others are ${verb}…`;
}

const DELAYS = ["0ms", "160ms", "320ms"] as const;

function Dots() {
	return (
		<span className="flex gap-0.75" aria-hidden="true">
			{DELAYS.map((animationDelay) => (
				<span
					key={animationDelay}
					className="size-1 animate-bob rounded-full bg-text-faint"
					style={{ animationDelay }}
				/>
			))}
		</span>
	);
}
