/** What the demo agent can show in a minute. */
export const EXAMPLE_PROMPTS = [
	'create hello.js containing: console.log("hello from the bullpen")',
	"run node hello.js",
	"plan: list the files, then read hello.js, then run it",
] as const;
