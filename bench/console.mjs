// console - the console on a cache of 100,000 codes, beside less, tig and htop: less on as many lines, tig
// on as many commits, htop on what runs here. Who is not installed is left out, and said.
//
// usage: node console.mjs BUILD-FOLDER [CODES]

import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const [build, codes = "100000"] = process.argv.slice(2);
const SIZE = ["40", "120"];
const MOVES = ["down*150", "page-down*100", "page-up*50"], ENDS = "end-home*20", TO_AND_FRO = ["step*100", "pages*40"];
const OWN = ["zoom*40", "pan*40", "find*1", "typed*40", "leave*1"]; // what the others have not
const folder = mkdtempSync(join(tmpdir(), "keyrack-bench-"));
const env = { ...process.env, TERM: "xterm-256color", LC_ALL: "C.UTF-8", XDG_CONFIG_HOME: folder, XDG_STATE_HOME: folder, KEYRACK_CACHE: join(folder, "cache"),
	KEYRACK_ENDPOINT: "unix:/nonexistent", KEYRACK_API_KEY: "seam_bench", LESS: "", HOME: folder, HTOPRC: join(folder, "htoprc"),
	DBUS_SESSION_BUS_ADDRESS: "unix:path=/nonexistent" };

function run(command, ...args) {
	const { status, stdout } = spawnSync(command, args, { env, encoding: "utf8", stdio: ["inherit", "pipe", "inherit"], maxBuffer: 1 << 28 });
	if (status !== 0) throw new Error(`${command} ended with ${status}`);
	return stdout;
}

// text: what is in the first frame.
const bench = (label, text, keys, ...command) => JSON.parse(run(join(build, "bench/console"), label, text, ...SIZE, ...keys, "--", ...command));

const there = (program) => spawnSync(program, ["--version"], { env }).error === undefined;

// As many commits as there are codes; all have the same, empty tree.
function repository() {
	const path = join(folder, "repository");
	const who = "Anna Berg <anna@example.org>";
	const commits = Array.from({ length: Number(codes) }, (_, i) => {
		const words = `Guest ${i}`;
		return `commit refs/heads/main\ncommitter ${who} ${1_700_000_000 + i} +0000\ndata ${words.length}\n${words}\n`;
	});
	run("git", "init", "-q", "-b", "main", path);
	const { status } = spawnSync("git", ["-C", path, "fast-import", "--quiet"], { env, input: commits.join("") });
	if (status !== 0) throw new Error(`git fast-import ended with ${status}`);
	return path;
}

function lines() {
	const path = join(folder, "lines");
	const all = Array.from({ length: Number(codes) }, (_, i) => `Door ${i % 200}  locked  ${i} ${"━".repeat(i % 60)} Guest ${i}`);
	writeFileSync(path, all.join("\n"));
	return path;
}

const others = {
	less: () => bench("less", "Door 9", [...MOVES, "letter-g*20"], "less", lines()),
	tig: () => bench("tig", `Guest ${codes - 9}`, [...MOVES, ENDS], "env", "-C", repository(), "tig"),
	htop: () => bench("htop", "PID", [...TO_AND_FRO, ENDS], "htop", "--delay=100"),
};

function print(row) {
	console.log(`${row.label}: first frame ${row.first_frame_ms} ms, ${row.first_frame_bytes} bytes`);
	for (const [key, of] of Object.entries(row).filter(([, value]) => value.keys > 1)) {
		console.log(`  ${key.padEnd(10)} p50 ${of.p50_ms.toFixed(2).padStart(7)}  p99 ${of.p99_ms.toFixed(2).padStart(7)}  `
			+ `${String(of.bytes_per_key).padStart(6)} bytes a key`);
	}
}

function compare(mine, theirs) {
	const same = (key) => theirs[key] ?? (key === "end-home" ? theirs["letter-g"] : undefined);
	const ratios = Object.keys(mine).filter((key) => mine[key].keys > 1 && same(key))
		.map((key) => `${key} ${(mine[key].p50_ms / same(key).p50_ms).toFixed(2)}`);
	console.log(`keyrack / ${theirs.label}: first frame ${(mine.first_frame_ms / theirs.first_frame_ms).toFixed(2)}, ${ratios.join(", ")}`);
}

try {
	mkdirSync(env.KEYRACK_CACHE, { mode: 0o700 });
	run(join(build, "tests/cache/make-cache"), join(env.KEYRACK_CACHE, "cache.db"), "--locks", "200", "--codes", codes, "--events", "20000");
	const console_ = (label) => bench(label, "LOCK", ["unfold-all*1", ...MOVES, ...TO_AND_FRO, ENDS, ...OWN], join(build, "keyrack"));
	console_("keyrack"); // the first start is the disk's
	const mine = console_("keyrack");
	console.log(`${codes} codes over 200 locks; ${SIZE.join("x")}; milliseconds to the last byte of the answer`);
	print(mine);
	const theirs = Object.keys(others).filter((name) => there(name) || console.log(`${name}: not installed here`)).map((name) => others[name]());
	theirs.forEach(print);
	theirs.forEach((row) => compare(mine, row));
} finally {
	rmSync(folder, { recursive: true, force: true });
}
