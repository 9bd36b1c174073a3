// console - the console on a hotel of a million codes and ten million events, and on one of a thousand, beside less,
// mc, nnn, tig, vim and htop on data of their own: what issue 6 asks for, in one run. Who is not installed is left
// out, and said.
//
// usage: node console.mjs BUILD-FOLDER [CODES [EVENTS]]
// KEYRACK_BENCH_CACHE names a folder in which the caches stay for the next run: a million codes take minutes to make.

import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const [folder_built, codes = "1000000", events = String(10 * codes)] = process.argv.slice(2);
const build = resolve(folder_built); // the programs start in other folders
const SMALL = ["1000", "10000"]; // codes, events
const SIZES = [["24", "80"], ["40", "120"]];
const CODES_PER_DOOR = 100, CODES_FOR_MOVES = 300000, // a list of fewer doors ends under so many keys
	 FILES = 10000, COMMITS = Math.min(Number(codes), 100000);
const MOVES = ["down*150", "page-down*100", "page-up*50"], ENDS = "end-home*40", TO_AND_FRO = ["step*100", "pages*40"];
const OWN = ["zoom*40", "pan*40", "find*1", "typed*40", "typed-rare*42", "leave*1", "by-status*20"]; // what the others have not
const AFTER = ["pss*1", "quiet*20"];
const folder = mkdtempSync(join(tmpdir(), "keyrack-bench-"));
const kept = process.env.KEYRACK_BENCH_CACHE ?? folder;
const env = { ...process.env, TERM: "xterm-256color", LC_ALL: "C.UTF-8", XDG_CONFIG_HOME: folder, XDG_STATE_HOME: kept,
	KEYRACK_ENDPOINT: "unix:/nonexistent", KEYRACK_API_KEY: "seam_bench", LESS: "", HOME: folder, HTOPRC: join(folder, "htoprc"),
	DBUS_SESSION_BUS_ADDRESS: "unix:path=/nonexistent" };

// Not spawnSync: what plays sync answers meanwhile.
function run(command, args, more = {}) {
	return new Promise((done, failed) => {
		const child = spawn(command, args, { env: { ...env, ...more }, stdio: ["inherit", "pipe", "inherit"] });
		let out = "";
		child.stdout.on("data", (data) => { out += data; });
		child.on("error", failed);
		child.on("close", (status) => status === 0 ? done(out) : failed(new Error(`${command} ended with ${status}`)));
	});
}

// text: what is in the first frame.
const bench = async (label, text, size, keys, command, more) =>
	JSON.parse(await run(join(build, "bench/console"), [label, text, ...size, ...keys, "--", ...command], more));

const there = (program) => spawnSync(program, ["--version"], { env }).error === undefined;

const GUESTS = ["Anna Berg", "Mueller, J.", "Rossi family", "Haddad, Leila", "Dubois", "Ito", "Priya N.", "O'Brien"];
const guest = (i) => `${GUESTS[(i * 7) % GUESTS.length]} R-${String(i % 100000).padStart(5, "0")}`;

// As many commits as there are codes, up to 100,000; all have the same, empty tree.
function repository() {
	const path = join(folder, "repository");
	const who = "Anna Berg <anna@example.org>";
	const commits = Array.from({ length: COMMITS }, (_, i) => {
		const words = `${guest(i)} ${i}`;
		return `commit refs/heads/main\ncommitter ${who} ${1_700_000_000 + i} +0000\ndata ${Buffer.byteLength(words)}\n${words}\n`;
	});
	spawnSync("git", ["init", "-q", "-b", "main", path], { env });
	const { status } = spawnSync("git", ["-C", path, "fast-import", "--quiet"], { env, input: commits.join("") });
	if (status !== 0) throw new Error(`git fast-import ended with ${status}`);
	return path;
}

function lines() {
	const path = join(folder, "lines");
	const all = Array.from({ length: Number(codes) }, (_, i) => `Door ${i % 200}  locked  ${i} ${"━".repeat(i % 60)} ${guest(i)}`);
	writeFileSync(path, all.join("\n"));
	return path;
}

function files() {
	const path = join(folder, "files");
	mkdirSync(path);
	for (let i = 0; i < FILES; i++) writeFileSync(join(path, `${100 + i} ${guest(i)}`), "");
	return path;
}

// What others show. mc and nnn wait for the keys of a terminal in application mode, which bench/console sends.
function others() {
	const [text, names, commits] = [lines(), files(), there("tig") ? repository() : ""];
	return {
		less: { text: "Door 9", keys: [...MOVES, "letter-g*40", ...TO_AND_FRO], command: ["less", text] },
		mc: { text: "100 Anna", keys: [...MOVES, ENDS, ...TO_AND_FRO], command: ["mc", "-u", names, names] },
		nnn: { text: "100 Anna", keys: [...MOVES, ENDS, ...TO_AND_FRO], command: ["nnn", names] },
		vim: { text: "Door 9", keys: [...MOVES, ENDS, ...TO_AND_FRO], command: ["vim", "-u", "NONE", "-i", "NONE", "-n", text] },
		tig: { text: ` ${COMMITS - 9}`, keys: [...MOVES, ENDS, ...TO_AND_FRO], command: ["env", "-C", commits, "tig"] },
		htop: { text: "PID", keys: [...TO_AND_FRO, ENDS], command: ["htop", "--delay=100"] },
	};
}

// A sync that follows and says nothing more, so that a quiet console is one.
async function cacheOf([n, seen]) {
	const path = join(kept, `cache-${n}-${seen}`);
	if (!existsSync(join(path, "made"))) {
		rmSync(path, { recursive: true, force: true });
		mkdirSync(path, { recursive: true, mode: 0o700 });
		await run(join(build, "tests/cache/make-cache"), [join(path, "cache.db"), "--hotel", "--locks", String(Math.max(Math.round(n / CODES_PER_DOOR), 1)),
			"--codes", n, "--events", seen]);
		writeFileSync(join(path, "made"), "");
	}
	rmSync(join(path, "poke"), { force: true });
	const server = createServer((socket) => {
		socket.on("error", () => {});
		socket.on("data", () => {});
		socket.write("status phase=following live=1 interval=10000 lag=20 done=0 total=0\n");
	});
	await new Promise((done) => server.listen(join(path, "poke"), done));
	return { path, end: () => server.close() };
}

async function keyrack(label, size, of, keys) {
	const cache = await cacheOf(of);
	const go = (what) => bench(label, "LOCK", size, what, [join(build, "keyrack")], { KEYRACK_CACHE: cache.path });
	try {
		await go(["down*2"]); // the first start is the disk's
		return await go(keys);
	} finally {
		cache.end();
	}
}

const number = (n, digits = 2) => (n === undefined ? "-" : n.toFixed(digits));
const cell = (of) => (of ? `${number(of.p50_ms)} / ${number(of.p99_ms, 1)}; ${number(of.cpu_ms)}; ${of.bytes_per_key}` : "-");
const NAMES = { "letter-g": "end-home" };

function table(rows) {
	const columns = rows.map((row) => row.label);
	const kinds = [...new Set(rows.flatMap((row) => Object.keys(row).filter((key) => row[key]?.keys > 1).map((key) => NAMES[key] ?? key)))];
	const line = (name, cells) => console.log(`| ${[name, ...cells].join(" | ")} |`);
	line("", columns);
	line("---", columns.map(() => "---"));
	line("first frame, ms", rows.map((row) => number(row.first_frame_ms, 0)));
	for (const kind of kinds) line(kind, rows.map((row) => cell(row[kind] ?? row[Object.keys(NAMES).find((key) => NAMES[key] === kind)])));
	line("PSS, MiB", rows.map((row) => number(row.pss_kib / 1024, 1)));
	line("quiet 20 s: switches, bytes", rows.map((row) => `${row.quiet.switches}, ${row.quiet.bytes}`));
}

const ratio = (a, b) => (a && b ? (a / b).toFixed(2) : "-");

// The goals of issue 6 that a key, a frame and memory have.
function goals(mine, small, by) {
	const say = (what, is, goal) => console.log(`  ${what}: ${is} (goal ${goal})`);
	const p99s = ["down", "page-down", "end-home"].map((key) => `${key} ${ratio(mine[key]?.p99_ms, by.mc?.[key]?.p99_ms)}`);
	say("first frame / mc", ratio(mine.first_frame_ms, by.mc?.first_frame_ms), "1");
	say("p50 / less", ["down", "page-down"].map((key) => `${key} ${ratio(mine[key]?.p50_ms, by.less?.[key]?.p50_ms)}`).join(", "), "2");
	say("processor a key / less", ["down", "page-down"].map((key) => `${key} ${ratio(mine[key]?.cpu_ms, by.less?.[key]?.cpu_ms)}`).join(", "), "2");
	say("p99 / mc", p99s.join(", "), "1");
	say(`processor a key at ${codes} codes / at ${SMALL[0]}`, ["end-home", "typed", "typed-rare", "by-status"].map((key) => `${key} ${ratio(mine[key]?.cpu_ms, small[key]?.cpu_ms)}`).join(", "), "3");
	say(`p50 at ${codes} codes / at ${SMALL[0]}`, ["end-home", "typed", "typed-rare", "by-status"].map((key) => `${key} ${ratio(mine[key]?.p50_ms, small[key]?.p50_ms)}`).join(", "), "3");
	say("bytes of a step / mc", ratio(mine.step.bytes_per_key, by.mc?.step?.bytes_per_key), "1");
	say("bytes of a page / less", ratio(mine.pages.bytes_per_key, by.less?.pages?.bytes_per_key), "1");
	say("PSS / vim", ratio(mine.pss_kib, by.vim?.pss_kib), "1");
}

try {
	const all = others(), names = Object.keys(all).filter((name) => there(name) || console.log(`${name}: not installed here`));
	for (const size of SIZES) {
		const keys = [...(codes >= CODES_FOR_MOVES ? MOVES : []), ...TO_AND_FRO, ENDS, ...OWN, ...AFTER];
		const mine = await keyrack(`keyrack ${codes}`, size, [codes, events], keys);
		const small = await keyrack(`keyrack ${SMALL[0]}`, size, SMALL, ["step*100", "pages*40", ENDS, ...OWN, ...AFTER]);
		const theirs = [];
		for (const name of names) theirs.push(await bench(name, all[name].text, size, [...all[name].keys, ...AFTER], all[name].command));
		console.log(`${codes} codes, ${events} events; ${size.join("x")}; `
			+ "ms to the last byte of the answer p50 / p99; ms of processor a key; bytes a key");
		table([mine, small, ...theirs]);
		goals(mine, small, Object.fromEntries(theirs.map((row) => [row.label, row])));
	}
} finally {
	rmSync(folder, { recursive: true, force: true });
}
