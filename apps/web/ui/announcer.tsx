/** Says the newest thing to screen readers, out of sight. Repeated words are said again when `id` changes. */
export function Announcer({ id, text }: { id: string | number | null; text: string }) {
	return (
		<div aria-live="polite" aria-atomic="true" className="sr-only">
			<span key={id}>{text}</span>
		</div>
	);
}
