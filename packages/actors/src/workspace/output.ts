import { headAndTail } from "@bullpen/domain/transcript/agent-text";

/** An output as it is kept for `getOutput`: its beginning and its end when it is longer than what is kept. */
export const capOutput = (text: string, bytesMax: number): string => headAndTail(text, bytesMax / 2, bytesMax / 2).text;

/** Control characters take six bytes each as JSON; an answer has to fit one frame all the same. */
export const fitFrame = (text: string, bytesMax: number): string => {
	let fitting = text;
	for (let keep = bytesMax; Buffer.byteLength(JSON.stringify(fitting)) > bytesMax; keep /= 2) {
		fitting = capOutput(text, Math.floor(keep));
	}
	return fitting;
};
