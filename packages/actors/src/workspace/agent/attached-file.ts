/** A file that goes with a prompt, as an agent host takes it. `data` is base64. */
export type AttachedFile =
	| { readonly type: "image"; readonly name: string; readonly mimeType: string; readonly data: string }
	| { readonly type: "text"; readonly name: string; readonly text: string };
