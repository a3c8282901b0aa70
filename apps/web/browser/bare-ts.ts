/** Stands in for `@rivetkit/bare-ts` in pages, which speak JSON with actors: RivetKit's client (2.3.19) brings it for other encodings. */
function refuse(): never {
	throw new Error("Pages speak JSON with actors.");
}

/** The one thing that is made at the start. */
export const Config = () => ({});
export class BareError extends Error {}
export {
	refuse as ByteCursor,
	refuse as readBool,
	refuse as readData,
	refuse as readString,
	refuse as readU64,
	refuse as readU8,
	refuse as readUint,
	refuse as writeBool,
	refuse as writeData,
	refuse as writeString,
	refuse as writeU64,
	refuse as writeU8,
	refuse as writeUint,
};
