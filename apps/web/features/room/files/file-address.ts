const SHAPES = { whole: "", thumbnail: "/thumbnail", download: "?download=1" } as const;

/** Where a file of a message is read by whoever may read the message. */
export const fileAddress = (roomId: string, fileId: string, shape: keyof typeof SHAPES): string =>
	`/api/files/${roomId}/${fileId}${SHAPES[shape]}`;
