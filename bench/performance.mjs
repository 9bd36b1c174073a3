// performance - how costs grow with a property: rows of (what, which sizes, how it is measured), as a table, a file
// of numbers and plots. A new curve is one row of 'rows'.
//
// usage: node performance.mjs BUILD-FOLDER FOLDER [LARGEST]
//   writes FOLDER/curves.tsv, FOLDER/curves-*.svg (gnuplot) and prints the table of docs/performance.md.
//   LARGEST: no size with more codes than that (1000000).
//
// What is measured is work: seconds on a processor, which a busy machine prolongs by little. The first frame alone is
// told by the clock.

import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync, openSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const HERE = dirname(fileURLToPath(import.meta.url));
const [buildFolder, to, largest = "1000000"] = process.argv.slice(2);
const build = resolve(buildFolder);
const scratch = mkdtempSync(join(tmpdir(), "keyrack-performance-"));
const home = { TERM: "xterm-256color", LC_ALL: "C.UTF-8", XDG_CONFIG_HOME: scratch, XDG_STATE_HOME: scratch, HOME: scratch, KEYRACK_API_KEY: "seam_bench",
	KEYRACK_ENDPOINT: "unix:/nonexistent", DBUS_SESSION_BUS_ADDRESS: "unix:path=/nonexistent" };

function run(command, args, more = {}, result = "pipe") {
	const { status, stdout } = spawnSync(command, args, { env: { ...process.env, ...home, ...more }, encoding: "utf8", stdio: ["ignore", "pipe", "inherit", result], maxBuffer: 1 << 28 });
	if (status !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${status}`);
	return stdout;
}

// ---- what is run: each gives a value for each curve of its row ----

function engine({ codes, locks }) {
	const text = run(join(build, "bench/engine"), [String(codes), String(locks)]);
	const line = (name) => {
		const [, work, removals] = new RegExp(`^${name} +[\\d.]+ s, +([\\d.]+) of work +\\d+ reads +(\\d+) removals`, "m").exec(text);
		return { work: Number(work), removals: Number(removals) };
	};
	const minute = line("and the minute after it");
	return { "start, s": line("start").work, "quiet minute, ms": line("a quiet minute").work * 1e3,
		"check-out, us a code": ((line("the moment of the check-out").work + minute.work) * 1e6) / minute.removals };
}

function answers({ codes, locks }) {
	const text = run(join(build, "bench/answers"), ["all", "100", String(codes), String(locks)]);
	const us = (what) => Number(new RegExp(`^${what}: ([\\d.]+) us of work`, "m").exec(text)[1]);
	return { "list, us a code": us("list") / (codes / locks), "get, us": us("get"), "create, us": us("create") };
}

async function pull({ codes, locks }) {
	const server = spawn(join(HERE, "../tests/peers/fake-seam"), ["--locks", String(locks), "--codes", String(codes), "--unmanaged", "0", "--events", "500"], { stdio: ["ignore", "pipe", "inherit"] });
	try {
		let url, key;
		for await (const line of createInterface({ input: server.stdout })) {
			[, url, key] = /^listening on (\S+) api_key=(\S+)$/.exec(line) ?? [];
			break;
		}
		if (!url) return {};
		const result = join(scratch, "result"), cache = mkdtempSync(join(scratch, "pulled-"));
		run(join(build, "bench/measure"), [join(build, "keyrack"), "sync", "--once"], { KEYRACK_ENDPOINT: url, KEYRACK_API_KEY: key, KEYRACK_CACHE: cache }, openSync(result, "w"));
		const cost = JSON.parse(readFileSync(result, "utf8"));
		rmSync(cache, { recursive: true });
		return { "first pull, us a code": ((cost.user_s + cost.sys_s) * 1e6) / codes, "first pull, MiB": cost.rss_kib / 1024 };
	} finally {
		server.kill();
	}
}

function frame({ codes, locks }) {
	const cache = mkdtempSync(join(scratch, "cache-"));
	run(join(build, "tests/cache/make-cache"), [join(cache, "cache.db"), "--locks", String(locks), "--codes", String(codes), "--events", String(codes)]);
	const look = () => JSON.parse(run(join(build, "bench/console"), ["keyrack", "LOCK", "40", "120", "step*2", "--", join(build, "keyrack")], { KEYRACK_CACHE: cache })).first_frame_ms;
	const times = [look(), look(), look()].sort((a, b) => a - b);
	rmSync(cache, { recursive: true });
	return { "first frame, ms": times[1] };
}

// ---- the rows ----

const byCodes = [1000, 10_000, 100_000, 1_000_000].map((codes) => ({ codes, locks: codes / 100 }));
const byLocks = [10, 100, 1000, 10_000].map((locks) => ({ codes: 100_000, locks }));
const upTo = (most, sizes) => sizes.filter(({ codes }) => codes <= Math.min(most, Number(largest)));
const rows = [
	{ name: "keyrackd: answers", by: "codes", sizes: byCodes, run: answers },
	{ name: "keyrackd: engine", by: "codes", sizes: byCodes, run: engine },
	{ name: "keyrack: first pull", by: "codes", sizes: upTo(100_000, byCodes), run: pull }, // the fake server has them in memory
	{ name: "keyrack: first frame", by: "codes", sizes: byCodes, run: frame },
	{ name: "keyrackd: engine", by: "locks", sizes: byLocks, run: engine },
];

const figure = (x) => (x === undefined ? "" : x < 10 ? x.toFixed(2) : x < 100 ? x.toFixed(1) : x.toFixed(0));

function table(row, measured) {
	const curves = [...new Set(measured.flatMap(({ values }) => Object.keys(values)))];
	console.log(`\n${row.name}, by ${row.by}\n`);
	console.log(`| codes on locks | ${curves.join(" | ")} |\n| ---: |${" ---: |".repeat(curves.length)}`);
	for (const { size, values } of measured)
		console.log(`| ${size.codes.toLocaleString("en")} on ${size.locks.toLocaleString("en")} | ${curves.map((name) => figure(values[name])).join(" | ")} |`);
	return curves.map((name) => ({ name, row, points: measured.filter(({ values }) => values[name] !== undefined).map(({ size, values }) => [size[row.by], values[name]]) }));
}

function plot(by, curves) {
	const data = curves.map(({ points }, i) => `$D${i} << E\n${points.map((p) => p.join(" ")).join("\n")}\nE\n`).join("");
	const of = curves.map(({ name, row }, i) => `$D${i} using 1:2 with linespoints lw 2 title "${row.name.split(":")[0]}: ${name}"`).join(", ");
	const { status, error } = spawnSync("gnuplot", [], { input: `set terminal svg size 900,560 font "sans,13" background "white"\nset output "${join(to, `curves-${by}.svg`)}"\n`
		+ `set logscale xy\nset format x "10^{%L}"\nset xlabel "${by}${by === "codes" ? ", a hundred a lock" : ", 100,000 codes"}"\nset key outside right\nset grid\n${data}plot ${of}\n`, stdio: ["pipe", "inherit", "inherit"] });
	if (error || status !== 0) console.error(`gnuplot: ${error?.message ?? status}: no plot by ${by}`);
}

try {
	mkdirSync(to, { recursive: true });
	const all = [];
	for (const row of rows) {
		const measured = [];
		for (const size of upTo(Infinity, row.sizes)) measured.push({ size, values: await row.run(size) });
		if (measured.length) all.push(...table(row, measured));
	}
	writeFileSync(join(to, "curves.tsv"), all.map(({ name, row, points }) => points.map((p) => [row.name, row.by, name, ...p].join("\t")).join("\n")).join("\n") + "\n");
	for (const by of ["codes", "locks"]) {
		const curves = all.filter(({ row, points }) => row.by === by && points.length > 1);
		if (curves.length) plot(by, curves);
	}
} finally {
	rmSync(scratch, { recursive: true, force: true });
}
