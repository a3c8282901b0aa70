"use client";
import { Archive, ArchiveRestore, LogOut, Pencil, Trash2 } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Button } from "../../../ui/button.tsx";
import { fetched } from "../../../ui/fetched.tsx";
import { CIRCLE_ICONS } from "../people/circle-fields.tsx";
import { Invite } from "../people/invite.tsx";
import { ParticipantRow } from "../people/participant-row.tsx";
import { CIRCLES } from "../people/role-words.ts";
import { type Participant, useWorkspacePeople } from "../people/use-workspace-people.ts";
import { SideScroll } from "./side-scroll.tsx";
import type { SideTabProps } from "./side-tab.ts";

const Confirm = fetched(() => import("../../../ui/confirm.tsx"));
const AccessDialog = fetched(() => import("../people/access-dialog.tsx"));
const DeleteWorkspaceDialog = fetched(() => import("../people/delete-workspace-dialog.tsx"));
const RenameDialog = fetched(() => import("../people/rename-dialog.tsx"));

/** Who may enter, who is here and as what, and what the owner does with the workspace. */
export function PeopleTab({ workspace, me }: SideTabProps) {
	const { session, isOwner } = workspace;
	const model = useWorkspacePeople(workspace);
	const [opened, setOpened] = useState<"access" | "rename" | "delete" | { owner: Participant } | null>(null);
	const close = () => setOpened(null);
	const isArchived = session.archived !== undefined;
	const circle =
		session.visibility === "room" ? (model.roomName ?? CIRCLES.room.label) : CIRCLES[session.visibility].label;
	return (
		<SideScroll>
			<div className="space-y-5">
				<div className="flex items-center gap-2.5 text-sm [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-text-faint">
					{CIRCLE_ICONS[session.visibility]}
					<p className="min-w-0 flex-1 leading-tight">
						<span className="block truncate font-medium">{circle}</span>
						<span className="block text-text-faint text-xs">{CIRCLES[session.visibility].meaning}</span>
					</p>
					{isOwner && !isArchived && (
						<Button size="sm" aria-label="Change who can enter" onClick={() => setOpened("access")}>
							Change
						</Button>
					)}
				</div>
				<ul aria-label="People of this workspace" className="-mx-2">
					{model.participants.map((participant) => (
						<ParticipantRow
							key={participant.person.id}
							participant={participant}
							isMe={participant.person.id === me}
							verbs={
								isOwner && !isArchived && participant.role !== "owner"
									? { ...model, makeOwner: (owner) => setOpened({ owner }) }
									: null
							}
						/>
					))}
				</ul>
				{isOwner && !isArchived && <Invite people={model.invitable} onInvite={model.invite} />}
				<section aria-label="This workspace" className="-mx-2 border-line border-t pt-3">
					{isOwner ? (
						<>
							{!isArchived && (
								<Act icon={<Pencil />} onClick={() => setOpened("rename")}>
									Rename…
								</Act>
							)}
							{isArchived ? (
								<Act icon={<ArchiveRestore />} onClick={model.restore}>
									Restore from the archive
								</Act>
							) : (
								<Act icon={<Archive />} onClick={model.archive}>
									Archive
								</Act>
							)}
							<Act icon={<Trash2 />} isDangerous onClick={() => setOpened("delete")}>
								Delete…
							</Act>
						</>
					) : (
						<Act icon={<LogOut />} onClick={model.leave}>
							Leave workspace
						</Act>
					)}
				</section>
			</div>
			{typeof opened === "object" && opened !== null && (
				<Confirm
					question={{
						title: `Make ${opened.owner.person.name} the owner?`,
						description: "You prompt from then on, and only they can give the workspace back to you.",
						act: "Make owner",
						onAct: () => model.transferOwnership(opened.owner.person.id),
					}}
					onClose={close}
				/>
			)}
			{opened === "access" && (
				<AccessDialog
					visibility={session.visibility}
					roomId={session.roomId}
					rooms={model.rooms}
					onChange={model.setVisibility}
					onClose={close}
				/>
			)}
			{opened === "rename" && <RenameDialog name={session.name} onRename={model.rename} onClose={close} />}
			{opened === "delete" && <DeleteWorkspaceDialog name={session.name} onDelete={model.delete} onClose={close} />}
		</SideScroll>
	);
}

interface ActProps {
	icon: ReactNode;
	isDangerous?: boolean;
	onClick: () => void;
	children: ReactNode;
}

function Act({ icon, isDangerous = false, onClick, children }: ActProps) {
	return (
		<button
			type="button"
			onClick={onClick}
			className={`flex h-9 w-full items-center gap-2.5 rounded-md px-2 text-start text-sm hover:bg-hover pointer-coarse:h-11 [&_svg]:size-4 [&_svg]:shrink-0 ${isDangerous ? "text-danger-text" : "text-text-muted hover:text-text"}`}
		>
			{icon}
			{children}
		</button>
	);
}
