// instructions - what six fixed pieces of work cost in instructions, beside what they cost when somebody last looked:
// a number that a busy machine does not change. Prints, and fails only when something does not run.
//
// usage: node instructions.mjs BUILD-FOLDER COMMITTED-FILE [--write]

import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const HERE = dirname(fileURLToPath(import.meta.url));
const [folder, committed, write] = process.argv.slice(2);
const build = resolve(folder);
process.env.KEYRACKD = join(build, "keyrackd");
const { House } = await import("../tests/keyrackd/lib.mjs");
const scratch = mkdtempSync(join(tmpdir(), "keyrack-instructions-"));
const env = { ...process.env, TERM: "xterm-256color", LC_ALL: "C.UTF-8", XDG_CONFIG_HOME: scratch, XDG_STATE_HOME: scratch, HOME: scratch,
	KEYRACK_CACHE: join(scratch, "cache"), KEYRACK_ENDPOINT: "unix:/nonexistent", KEYRACK_API_KEY: "seam_bench", DBUS_SESSION_BUS_ADDRESS: "unix:path=/nonexistent" };

function run(more, command, ...args) {
	const { status, stdout, stderr, error } = spawnSync(command, args, { env: { ...env, ...more }, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
	if (status !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${status}: ${error?.message ?? ""}${stdout}${stderr}`);
	return stdout;
}

const out = join(scratch, "counted");
const valgrind = (options) => ["valgrind", "-q", "--tool=callgrind", `--callgrind-out-file=${out}`, ...options];
const counted = () => Number(/^(?:totals|summary): (\d+)/m.exec(readFileSync(out, "utf8"))[1]);
const part = ["--toggle-collect=measured_part"];

function count(options, more, ...command) {
	const [first, ...rest] = [...valgrind(options), ...command];
	run(more, first, ...rest);
	return counted();
}

// A console in a terminal of its own, so many keys long; what is started and ended with it is taken away again.
function keys(n) {
	run({}, join(build, "bench/console"), "keyrack", "LOCK", "40", "120", `step*${n}`, "--", ...valgrind([]), join(build, "keyrack"));
	return counted();
}

async function pull() {
	const LOCKS = 10, CODES = 1000;
	const house = await House.open({ locks: Object.fromEntries(Array.from({ length: LOCKS }, (_, i) => [`Door ${i}`, { type: "two_n_intercom", slots: 1000 }])) });
	try {
		const doors = (await house.ask("/devices/list")).devices;
		for (let i = 0; i < CODES; i++) await house.create({ device_id: doors[i % LOCKS].device_id, name: `Guest ${i}` });
		return count([], { KEYRACK_ENDPOINT: house.url, KEYRACK_API_KEY: house.key, KEYRACK_CACHE: join(scratch, "pulled") }, join(build, "keyrack"), "sync", "--once");
	} finally {
		await house.close();
	}
}

// Each with how often it is done in what is counted.
const works = {
	"planner, one decision": [1, () => { // by what it prints beside
		const text = run({}, ...valgrind([]), join(build, "bench/plan"), "20");
		return counted() / Number(/together .* (\d+) decisions$/m.exec(text)[1]);
	}],
	"list of 500 codes": [10, () => count(part, {}, join(build, "bench/answers"), "list", "10")],
	"create": [50, () => count(part, {}, join(build, "bench/answers"), "create", "50", "50")],
	"first pull of 1,000 codes": [1, pull],
	"frame after a key": [20, () => { const few = keys(10); return keys(30) - few; }],
	"opening a cache of 1,000 codes": [1, () => count([], {}, join(build, "keyrack"), "locks")],
};

const was = Object.fromEntries(readFileSync(committed, "utf8").split("\n").filter((line) => line && !line.startsWith("#")).map((line) => line.split("\t")));
try {
	mkdirSync(env.KEYRACK_CACHE, { mode: 0o700 });
	run({}, join(build, "tests/cache/make-cache"), join(env.KEYRACK_CACHE, "cache.db"), "--locks", "40", "--codes", "1000", "--events", "2000");
	const now = {};
	console.log("instructions".padEnd(34) + "now".padStart(14) + "committed".padStart(14) + "change".padStart(9));
	for (const [name, [times, go]] of Object.entries(works)) {
		const n = (now[name] = Math.round((await go()) / times)), before = Number(was[name]);
		console.log(name.padEnd(34) + String(n).padStart(14) + (before || "").toString().padStart(14) + (before ? `${((n / before - 1) * 100).toFixed(1)} %` : "").padStart(9));
	}
	if (write === "--write")
		writeFileSync(committed, `# Instructions, by 'make check-instructions'; written by 'make instructions-write'.\n${Object.entries(now).map(([name, n]) => `${name}\t${n}`).join("\n")}\n`);
} finally {
	rmSync(scratch, { recursive: true, force: true });
}
