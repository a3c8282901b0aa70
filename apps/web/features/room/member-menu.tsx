"use client";
import { rolesToGive } from "@bullpen/domain/room-roles";
import { Ban, Crown, Ellipsis, Eye, MessageCircle, ShieldCheck, Undo2, User, UserMinus } from "lucide-react";
import { useRouter } from "next/navigation";
import { useLive } from "../../live/live.tsx";
import { wordsFor } from "../../live/words.ts";
import { IconButton } from "../../ui/button.tsx";
import { Menu, MenuChoice, MenuItem, MenuSeparator } from "../../ui/menu.tsx";
import { mayActOn } from "./governance.ts";
import type { MemberRowProps } from "./member-row.tsx";

const ROLES = {
	owner: { label: "Owner", icon: <Crown /> },
	admin: { label: "Admin", icon: <ShieldCheck /> },
	member: { label: "Member", icon: <User /> },
	guest: { label: "Guest", icon: <Eye /> },
} as const;

/** What can be done about somebody in this room. Open from the start: it comes because somebody asked for it. */
export default function MemberMenu(props: MemberRowProps & { onClose: () => void }) {
	const { member, me, role, verbs, onAsk, onRefused, onClose } = props;
	const { directory, me: self } = useLive();
	const router = useRouter();
	const mayAct = mayActOn(role, member, me);
	const isIn = member.membership === "joined";
	const write = () =>
		directory.openDirect([member.id]).then(
			({ roomId }) => router.push(`/r/${roomId}`),
			(error: unknown) => onRefused(wordsFor(error)),
		);
	return (
		<Menu
			label={`About ${member.name}`}
			align="end"
			onOpenChange={(isOpen) => !isOpen && onClose()}
			trigger={
				<IconButton label={`More about ${member.name}`} tip="none">
					<Ellipsis />
				</IconButton>
			}
		>
			{self.role !== "guest" && (
				<MenuItem icon={<MessageCircle />} onSelect={write}>
					Message
				</MenuItem>
			)}
			{mayAct && isIn && role !== null && (
				<>
					<MenuSeparator />
					<MenuChoice
						label="Role in this room"
						value={member.role}
						options={rolesToGive(role).map((one) => ({ value: one, ...ROLES[one] }))}
						onChange={(next) => {
							const given = rolesToGive(role).find((one) => one === next);
							if (given) void verbs.setRole(member.id, given).then(onRefused);
						}}
					/>
				</>
			)}
			{role === "owner" && isIn && (
				<MenuItem
					icon={<Crown />}
					onSelect={() =>
						onAsk({
							title: `Pass the room on to ${member.name}?`,
							description: "They own it, and you are an admin of it.",
							act: "Pass it on",
							onAct: () => verbs.pass(member.id),
						})
					}
				>
					Pass the room on…
				</MenuItem>
			)}
			{mayAct && (
				<>
					<MenuSeparator />
					{member.membership === "banned" ? (
						<MenuItem icon={<Undo2 />} onSelect={() => void verbs.unban(member.id).then(onRefused)}>
							Lift the ban
						</MenuItem>
					) : (
						<>
							<MenuItem
								icon={<UserMinus />}
								onSelect={() =>
									onAsk({
										title: isIn ? `Remove ${member.name} from the room?` : `Withdraw ${member.name}'s invitation?`,
										description: "They need a new invitation to come back. What they wrote stays.",
										act: "Remove",
										onAct: () => verbs.kick(member.id),
									})
								}
							>
								{isIn ? "Remove from the room…" : "Withdraw the invitation…"}
							</MenuItem>
							<MenuItem
								icon={<Ban />}
								onSelect={() =>
									onAsk({
										title: `Ban ${member.name} from the room?`,
										description: "They are out at once and cannot come back until the ban is lifted.",
										act: "Ban",
										onAct: () => verbs.ban(member.id),
									})
								}
							>
								Ban…
							</MenuItem>
						</>
					)}
				</>
			)}
		</Menu>
	);
}
