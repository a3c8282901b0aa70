import { AuditScreen } from "../../../features/people/audit-screen.tsx";

export default function Page() {
	return <AuditScreen />;
}
