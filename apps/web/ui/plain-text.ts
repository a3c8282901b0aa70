const MARKUP = /[*_`~[\]<>#|\\&]|:\/\/|www\.|@\S+\.|^(?: {4}|\t|\s*(?:[-+=]|\d+[.)]))|\n\s*\n/m;

/** Whether text is the same drawn as it is or as markdown. Errs towards `false`. */
export const isPlainText = (text: string): boolean => !MARKUP.test(text);
