import { LIMITS } from "@bullpen/domain/limits";
import type { Metadata } from "next";
import { Join } from "../../features/sign-in/join.tsx";

export const metadata: Metadata = { title: "Join" };

export default function Page() {
	return <Join passwordCharsMin={LIMITS.passwordCharsMin} />;
}
