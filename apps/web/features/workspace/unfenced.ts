const FENCED = /^\s*(`{3,})[\w-]*\n([\s\S]*?)\n?\1\s*$/;

/** Output that its agent wrapped in a fence, as if it were markdown, without it. */
export const unfenced = (output: string): string => FENCED.exec(output)?.[2] ?? output;
