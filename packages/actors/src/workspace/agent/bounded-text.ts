/** What a sandbox answers, which nobody vouches for. @throws Error when it is longer than `charsMax` */
export async function boundedText(response: Response, charsMax: number): Promise<string> {
	const decoder = new TextDecoder();
	let text = "";
	for await (const chunk of response.body ?? []) {
		text += decoder.decode(chunk, { stream: true });
		if (text.length > charsMax) throw new Error("The answer is too long.");
	}
	return text + decoder.decode();
}
