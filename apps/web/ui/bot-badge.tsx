import { Badge } from "./badge.tsx";

/** Beside the name of who is a program. */
export const BotBadge = () => <Badge tone="info">Bot</Badge>;
