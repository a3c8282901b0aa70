/** Pictures that this page sent itself, by the ids of their files: shown at once, and without asking the server for them. */
const previews = new Map<string, string>();
const KEPT_MAX = 40;

export function keepPreview(fileId: string, address: string): void {
	previews.set(fileId, address);
	for (const [oldest, one] of previews) {
		if (previews.size <= KEPT_MAX) break;
		previews.delete(oldest);
		URL.revokeObjectURL(one);
	}
}

export const previewOf = (fileId: string): string | undefined => previews.get(fileId);
