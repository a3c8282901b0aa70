/** Types of errors as the APIs name them: agents decide by them, too, whether to ask again. */
export function openaiErrorType(status: number): string {
	if (status === 429) return "rate_limit_error";
	return status >= 500 ? "server_error" : "invalid_request_error";
}

const ANTHROPIC: Readonly<Record<number, string>> = {
	401: "authentication_error",
	402: "billing_error",
	403: "permission_error",
	404: "not_found_error",
	413: "request_too_large",
	429: "rate_limit_error",
	504: "timeout_error",
	529: "overloaded_error",
};

export const anthropicErrorType = (status: number): string =>
	ANTHROPIC[status] ?? (status >= 500 ? "api_error" : "invalid_request_error");
