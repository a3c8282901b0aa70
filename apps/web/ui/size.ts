const UNITS = ["bytes", "KB", "MB", "GB"] as const;

/** A size as people say it: `850 bytes`, `12 KB`, `1.4 MB`. */
export function sizeOf(bytes: number): string {
	const step = bytes < 1024 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log2(bytes) / 10));
	const amount = bytes / 1024 ** step;
	return `${amount < 10 && step > 0 ? Math.round(amount * 10) / 10 : Math.round(amount)} ${UNITS[step]}`;
}
