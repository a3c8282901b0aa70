import { LIMITS } from "@bullpen/domain/limits";
import type { Metadata } from "next";
import { Reset } from "../../features/sign-in/reset.tsx";

export const metadata: Metadata = { title: "New password" };

export default function Page() {
	return <Reset passwordCharsMin={LIMITS.passwordCharsMin} />;
}
