const SIGNATURES: readonly (readonly [type: string, offset: number, bytes: readonly number[]])[] = [
	["image/png", 0, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
	["image/jpeg", 0, [0xff, 0xd8, 0xff]],
	["image/gif", 0, [0x47, 0x49, 0x46, 0x38]],
	["image/webp", 8, [0x57, 0x45, 0x42, 0x50]],
];

/** What kind of raster image begins like this, or null. Vector images are programs in disguise: they stay text. */
export const rasterType = (head: Uint8Array): string | null =>
	SIGNATURES.find(([, offset, bytes]) => bytes.every((byte, i) => head[offset + i] === byte))?.[0] ?? null;
