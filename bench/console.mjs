// console - the console on a cache of 100,000 codes, beside `less` on as many lines.
//
// usage: node console.mjs BUILD-FOLDER [CODES]

import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const [build, codes = "100000"] = process.argv.slice(2);
const SIZE = ["40", "120"];
const KEYS = ["down*150", "page-down*100", "page-up*50", "end-home*20"];
const NAMES = KEYS.map((key) => key.split("*")[0]);
const folder = mkdtempSync(join(tmpdir(), "keyrack-bench-"));
const env = { ...process.env, TERM: "xterm-256color", LC_ALL: "C.UTF-8", XDG_CONFIG_HOME: folder, KEYRACK_CACHE: join(folder, "cache"),
	KEYRACK_ENDPOINT: "unix:/nonexistent", KEYRACK_API_KEY: "seam_bench", LESS: "", DBUS_SESSION_BUS_ADDRESS: "unix:path=/nonexistent" };

function run(command, ...args) {
	const { status, stdout } = spawnSync(command, args, { env, encoding: "utf8", stdio: ["inherit", "pipe", "inherit"], maxBuffer: 1 << 28 });
	if (status !== 0) throw new Error(`${command} ended with ${status}`);
	return stdout;
}

// text: what is in the first frame.
const bench = (label, text, keys, ...command) => JSON.parse(run(join(build, "bench/console"), label, text, ...SIZE, ...keys, "--", ...command));

try {
	mkdirSync(env.KEYRACK_CACHE, { mode: 0o700 });
	run(join(build, "tests/cache/make-cache"), join(env.KEYRACK_CACHE, "cache.db"), "--locks", "200", "--codes", codes, "--events", "20000");
	const lines = Array.from({ length: Number(codes) }, (_, i) => `Door ${i % 200}  locked  ${i} ${"━".repeat(i % 60)} Guest ${i}`);
	writeFileSync(join(folder, "lines"), lines.join("\n"));
	const keyrack = join(build, "keyrack");
	const unfolded = ["unfold-all*1", ...KEYS];
	const rows = [bench("keyrack", "LOCK", unfolded, keyrack), bench("keyrack, second start", "LOCK", unfolded, keyrack),
		bench("less", "Door 9", KEYS, "less", join(folder, "lines"))];
	console.log(`${codes} codes over 200 locks; ${SIZE.join("x")}; milliseconds to the last byte of the answer`);
	for (const row of rows) {
		console.log(`${row.label}: first frame ${row.first_frame_ms} ms, ${row.first_frame_bytes} bytes`);
		for (const key of ["unfold-all", ...NAMES].filter((name) => row[name])) {
			const { p50_ms, p99_ms, bytes_per_key } = row[key];
			console.log(`  ${key.padEnd(10)} p50 ${p50_ms.toFixed(2).padStart(7)}  p99 ${p99_ms.toFixed(2).padStart(7)}  ${String(bytes_per_key).padStart(6)} bytes a key`);
		}
	}
	const [mine, , less] = rows;
	console.log(`keyrack / less: first frame ${(mine.first_frame_ms / less.first_frame_ms).toFixed(2)}, `
		+ NAMES.map((key) => `${key} ${(mine[key].p50_ms / less[key].p50_ms).toFixed(2)}`).join(", "));
} finally {
	rmSync(folder, { recursive: true, force: true });
}
