import type { OriginProblem, WorkspaceOrigin } from "@bullpen/domain/origin";

const WORDS: Readonly<Record<OriginProblem, string>> = {
	interrupted: "The server stopped while the files came in. Try again.",
	cancelled: "It was cancelled.",
	too_long: "It took too long and was ended.",
	too_large: "There is more in it than a workspace may start with.",
	too_many_files: "There are more files in it than a workspace may start with.",
	unknown_format: "This is neither a .zip nor a .tar.gz archive.",
	damaged: "The archive is damaged.",
	encrypted: "The archive is encrypted.",
	link: "The archive holds a link or a device. Only files and folders can come in.",
	bad_name: "The archive holds a name that leads elsewhere or cannot be made.",
	twice: "The archive holds the same file twice.",
	not_empty: "There are files in the workspace already.",
	upload_gone: "The upload is not there any more. Upload it again.",
	needs_token: "The repository is private, or the token does not open it.",
	no_repository: "There is no such repository, or it is private.",
	no_branch: "The repository has no such branch.",
	unreachable: "The server of the repository does not answer.",
	private_address: "This address leads into a private network, which is not allowed.",
	no_git: "Git is not installed on the server.",
	no_sandbox: "This server cannot start the sandbox that it needs for this.",
	failed: "It did not work.",
};

export const originProblem = ({ problem = "failed" }: WorkspaceOrigin): string => WORDS[problem];

/** `41 %`, or nothing while it is not known. */
export const percentOf = (done: number | undefined): string =>
	done === undefined || done === 0 ? "" : ` ${Math.round(done * 100)} %`;
