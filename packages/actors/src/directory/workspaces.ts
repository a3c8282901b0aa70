import { AgentName, knownAgent } from "@bullpen/domain/agent-name";
import { agentOffers } from "@bullpen/domain/agent-offer";
import { notOpenToYou } from "@bullpen/domain/authorization";
import type {
	CreateWorkspaceInput,
	DirectoryAgentRow,
	DirectoryWorkspaceRow,
	NoteAgentsInput,
} from "@bullpen/domain/directory";
import { wishedPayer } from "@bullpen/domain/payer";
import { Problem } from "@bullpen/domain/problem";
import { cleanName } from "@bullpen/domain/text";
import type { ActionOutput } from "@bullpen/domain/wire";
import type { NoteListingInput } from "@bullpen/domain/workspace-life";
import type { z } from "zod";
import type { Person } from "../identity.ts";
import { inLanes } from "../lanes.ts";
import { isAbsent } from "../peer-refusal.ts";
import type { Catalogue } from "./catalogue.ts";
import type { WorkspaceRecord } from "./directory-store.ts";
import { randomId, workspaceIdOf, workspaceKey } from "./names.ts";

/** @throws Problem `text_*` `bad_input` `not_found` `nonce_reused` `rate_limited` `busy` */
export async function createWorkspace(
	catalogue: Catalogue,
	person: Person,
	input: z.output<typeof CreateWorkspaceInput>,
): Promise<ActionOutput<"directory", "createWorkspace">> {
	const { visibility = "server", roomId } = input;
	const agent = knownAgent(input.agent ?? defaultAgent(catalogue));
	const name = cleanName(input.name ?? "Workspace", catalogue.limits.roomNameCharsMax);
	if ((visibility === "room") !== (roomId !== undefined)) {
		throw new Problem("bad_input", "A room goes with a workspace of a room, and only with that.", {
			field: "roomId",
		});
	}
	if (roomId !== undefined && !(await catalogue.canEnter(roomId, person.userId))) {
		throw new Problem("not_found", "There is no such room, or it is not open to you.");
	}
	const { payer = "server" } = input;
	const wish = { name, agent, visibility, payer, ...(roomId === undefined ? {} : { roomId }) };
	const record = await claim(catalogue, person.userId, input.nonce ?? randomId(""), wish);
	await finishWorkspace(catalogue, record);
	return { workspaceId: record.workspaceId, name: record.name };
}

export async function noteAgents(
	{ writer, table }: Catalogue,
	agents: z.output<typeof NoteAgentsInput>["agents"],
): Promise<void> {
	await writer.write((draft) => {
		for (const agent of agents) {
			const { version: _, ...known } = table.get("directoryAgent", agent.id) ?? { version: 0 };
			if (JSON.stringify(known) !== JSON.stringify(agent)) draft.put<DirectoryAgentRow>(agent);
		}
	});
}

/** What a workspace says of itself: to be found by everybody, or not any more. @throws Problem `not_found` `busy` */
export async function noteWorkspace(catalogue: Catalogue, card: NoteListingInput): Promise<void> {
	const { writer, table, now } = catalogue;
	const { workspaceId: id, version, name, agent, ownerId, createdAt, archivedAt, roomId, isListed, isDeleted } = card;
	await writer.write((draft) => {
		const record = catalogue.workspace(id, draft);
		if (record === undefined) throw notOpenToYou();
		if (!record.isReady) throw new Problem("busy", "This workspace is being made.");
		if (version <= (record.cardVersion ?? -1)) return;
		draft.note(workspaceKey(id), {
			...{ ...record, cardVersion: version, nowRoomId: roomId ?? null },
			...(isDeleted && { isDeleted }),
		});
		const known = draft.pending("directoryWorkspace", id) ?? table.get("directoryWorkspace", id);
		const row = { kind: "directoryWorkspace", id, agent, ownerId, createdAt } as const;
		if (isListed) {
			draft.put<DirectoryWorkspaceRow>({ ...row, name, ...(archivedAt === undefined ? {} : { archivedAt }) });
		} else if (known?.kind === "directoryWorkspace" && known.goneAt === undefined) {
			// What it is called now is not for everybody.
			draft.put<DirectoryWorkspaceRow>({ ...row, name: "", ownerId: known.ownerId, goneAt: now() });
		}
	});
}

/** The workspaces of a room ask it about people who left it, as far as they are there. @throws what one of them could not do */
export async function noteDepartures(catalogue: Catalogue, roomId: string, userIds: string[]): Promise<void> {
	const { peers, limits } = catalogue;
	await inLanes(catalogue.workspaceIdsOf(new Set([roomId])), limits.barsAtOnce, (id) =>
		peers.get("workspace", id).askAgain({ userIds }).catch(unlessAbsent),
	);
}

const unlessAbsent = (error: unknown): void => {
	if (!isAbsent(error)) throw error;
};

/** The first that works with the server's keys. */
function defaultAgent({ table }: Catalogue): AgentName {
	const agents = AgentName.options.flatMap((id) => {
		const row = table.get("directoryAgent", id);
		return row?.kind === "directoryAgent" ? [row] : [];
	});
	return agentOffers(agents, []).find(({ isDefault }) => isDefault)?.name ?? "demo";
}

function claim(
	catalogue: Catalogue,
	ownerId: string,
	nonce: string,
	wish: Pick<WorkspaceRecord, "name" | "agent" | "visibility" | "roomId" | "payer">,
): Promise<WorkspaceRecord> {
	const workspaceId = workspaceIdOf(ownerId, nonce);
	return catalogue.writer.write((draft) => {
		const known = catalogue.workspace(workspaceId, draft);
		if (known !== undefined) {
			const isSame = (["name", "agent", "visibility", "roomId", "payer"] as const).every(
				(field) => known[field] === wish[field],
			);
			if (!isSame) throw new Problem("nonce_reused", "This nonce was used for another workspace.", { workspaceId });
			if (known.isDeleted) throw new Problem("not_found", "This workspace was deleted.");
			return known;
		}
		const { workspacesCreatedPerHour } = catalogue.limits;
		catalogue.refuseTooMany(ownerId, workspacesCreatedPerHour, ({ kind }) => kind === "workspace");
		const createdAt = catalogue.now();
		const record: WorkspaceRecord = { kind: "workspace", ...wish, workspaceId, ownerId, createdAt, isReady: false };
		draft.note(workspaceKey(workspaceId), record);
		return record;
	});
}

function finishWorkspace(catalogue: Catalogue, record: WorkspaceRecord): Promise<void> {
	const { workspaceId, name, agent, visibility, roomId, ownerId, createdAt } = record;
	const payer = wishedPayer(record.payer ?? "server", ownerId, createdAt);
	return catalogue.finish(record, async () => {
		const input = {
			...{ name, agent, ownerId, visibility },
			...(roomId === undefined ? {} : { roomId }),
			...(payer === undefined ? {} : { payer }),
		};
		await catalogue.peers.create("workspace", workspaceId, "workspaces").init(input);
		return (draft) => {
			if (visibility !== "server") return;
			draft.put<DirectoryWorkspaceRow>({
				kind: "directoryWorkspace",
				id: workspaceId,
				name,
				agent,
				ownerId,
				createdAt,
			});
		};
	});
}
