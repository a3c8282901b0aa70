// One of the real agents runs with every run of the tests; the others by `pnpm test:agents`.
import "./agents/codex.ts";
