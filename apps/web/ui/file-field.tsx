interface FileFieldProps {
	label: string;
	/** What stands around it says it already. */
	isLabelHidden?: boolean;
	/** As an `input` takes it. */
	accept: string;
	error?: string | undefined;
	onFile: (file: File | null) => void;
}

/** One file of this device. */
export function FileField({ label, isLabelHidden = false, accept, error, onFile }: FileFieldProps) {
	return (
		<div>
			<label className="block text-sm">
				<span className={isLabelHidden ? "sr-only" : "mb-1.5 block font-medium"}>{label}</span>
				<input
					type="file"
					accept={accept}
					aria-invalid={error !== undefined || undefined}
					className="block w-full text-sm text-text-muted file:me-3 file:h-8.5 file:rounded-md file:border-0 file:bg-selected file:px-3 file:font-medium file:text-text pointer-coarse:file:h-11"
					onChange={(event) => onFile(event.target.files?.[0] ?? null)}
				/>
			</label>
			{error !== undefined && (
				<p role="alert" className="mt-1.5 text-danger-text text-sm">
					{error}
				</p>
			)}
		</div>
	);
}
