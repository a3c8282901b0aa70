/** How far something is, from 0 to 1, that takes a while; it moves while that is not known. */
export function ProgressBar({ label, done }: { label: string; done: number | undefined }) {
	const percent = done === undefined ? undefined : Math.round(done * 100);
	return (
		<div
			role="progressbar"
			aria-label={label}
			aria-valuemin={0}
			aria-valuemax={100}
			{...(percent === undefined ? {} : { "aria-valuenow": percent })}
			className="h-1.5 overflow-hidden rounded-full bg-selected"
		>
			<div
				className={`h-full rounded-full bg-accent transition-[width] duration-300 ${percent === undefined ? "w-1/3 animate-shimmer" : ""}`}
				style={percent === undefined ? undefined : { width: `${percent}%` }}
			/>
		</div>
	);
}
