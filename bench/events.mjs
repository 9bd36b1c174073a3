// events - from a lock to the screen: doors of a keyrackd on this machine are opened at a steady rate, and a console
// in a terminal of its own is watched. Beside them, five times a second, somebody whose name is a sign that was on
// no screen before opens a door: the moment of the event is its created_at, that of the screen when the sign's bytes
// arrive. With a storm, keys are pressed as well, before it and in it, and what the cache has is counted afterwards.
//
// usage: node events.mjs BUILD-FOLDER [RATE [SECONDS [STORM-RATE [STORM-SECONDS]]]]
//
// The storm comes from bench/pages, which says of each event when it happened and costs next to nothing.

import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";

const [build, rate = "200", seconds = "20", stormRate = "5000", stormSeconds = "60"] = process.argv.slice(2);
process.env.KEYRACKD = resolve(build, "keyrackd");
const { House } = await import("../tests/keyrackd/lib.mjs");
const LOCKS = 50, PROBES_A_SECOND = 5, GOAL_MS = 50, SLICE_MS = 10;
const sleep = (ms) => new Promise((over) => setTimeout(over, ms));
const SIGN = 0x4e00; // the first of twenty thousand
const signAt = (n) => String.fromCodePoint(SIGN + n);

function quantile(list, part) {
	const sorted = [...list].sort((a, b) => a - b);
	return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN;
}

const TICKS = 100; // of /proc, a second

function cpuOf(pid) {
	const fields = readFileSync(`/proc/${pid}/stat`, "utf8").replace(/^.*\) /, "").split(" ");
	return (Number(fields[11]) + Number(fields[12])) / TICKS;
}

// CPU seconds of each from now on.
function meter(pids) {
	const before = Object.fromEntries(Object.entries(pids).map(([name, pid]) => [name, cpuOf(pid)]));
	return () => Object.entries(pids).map(([name, pid]) => [name, cpuOf(pid) - before[name]]);
}

const shares = (costs, s) => costs.map(([name, cpu]) => `${name} ${(100 * cpu / s).toFixed(0)} %`).join(", ");

function environment(folder, url, key) {
	const env = { KEYRACK_ENDPOINT: url, KEYRACK_API_KEY: key, KEYRACK_CACHE: join(folder, "cache"), XDG_CONFIG_HOME: folder, XDG_STATE_HOME: folder };
	mkdirSync(env.KEYRACK_CACHE, { mode: 0o700 });
	return env;
}

// A sync that pulls, and ends: what it says.
const pull = (env) => spawnSync(join(build, "keyrack"), ["sync", "--once"], { env: { ...process.env, ...env }, encoding: "utf8" }).stdout;

// A console in a terminal; what it writes is handed on as it comes.
function open(env, onText) {
	const child = spawn("script", ["-qfc", `stty rows 40 cols 120; exec ${join(resolve(build), "keyrack")}`, "/dev/null"],
		{ env: { ...process.env, ...env, TERM: "xterm-256color", SHELL: "/bin/sh", LC_ALL: "C.UTF-8" }, stdio: ["pipe", "pipe", "inherit"] });
	child.stdout.setEncoding("utf8").on("data", onText);
	return child;
}

async function house() {
	const locks = {};
	for (let i = 1; i <= LOCKS; i++) locks[`Door ${i}`] = { type: "yale_lock", lengths: "6" };
	const h = await House.open({ locks, clock: null, args: ["--people", "off", "--rate-limits", "off"] });
	h.locks = (await h.ask("/devices/list")).devices.map(({ device_id }) => device_id);
	return h;
}

async function makeCodes(h, probes) {
	const codes = [];
	for (let n = 0; n < probes + LOCKS; n++) {
		const device_id = h.locks[n % LOCKS];
		const name = n < probes ? signAt(n) + signAt(n) : `Guest ${n}`;
		const { access_code } = await h.ask("/access_codes/create", { device_id, name, code: String(100003 + ((n * 7919) % 899990)).padStart(6, "0") });
		codes.push({ id: access_code.access_code_id, device_id, code: access_code.code });
	}
	for (let left = codes.length, tries = 0; left > 0 && tries < 300; tries++) {
		await sleep(200);
		left = 0;
		for (const device_id of h.locks)
			left += (await h.ask("/access_codes/list", { device_id })).access_codes.filter(({ status }) => status !== "set").length;
	}
	return { probes: codes.slice(0, probes), others: codes.slice(probes) };
}

// The events of every lock, newest first; sync, which the console has started, follows by then.
async function watch(env, onText) {
	const terminal = open(env, onText);
	for (const key of ["", "v", "v", ""]) {
		terminal.stdin.write(key);
		await sleep(1500);
	}
	const sync = Number(readFileSync(join(env.KEYRACK_CACHE, "cache.lock"), "utf8"));
	const shown = Number(readFileSync(`/proc/${terminal.pid}/task/${terminal.pid}/children`, "utf8").trim().split(" ")[0]);
	return { terminal, pids: { sync, console: shown } };
}

async function steady(folder) {
	const time = Number(seconds);
	const probes = time * PROBES_A_SECOND;
	const h = await house();
	const seen = new Map();
	let watched;
	try {
		const { probes: marked, others } = await makeCodes(h, probes);
		const env = environment(folder, h.url.replace(/\/$/, ""), h.key);
		pull(env);
		watched = await watch(env, (text) => {
			const now = Date.now();
			for (const letter of text) {
				const n = letter.codePointAt(0) - SIGN;
				if (n >= 0 && n < probes && !seen.has(n)) seen.set(n, now);
			}
		});
		seen.clear();
		const enter = ({ device_id, code }) => h.post("/keyrackd/simulate/enter", { device_id, code });
		const answers = [];
		const cost = meter({ ...watched.pids, keyrackd: h.child.pid });
		const began = performance.now();
		let sent = 0;
		for (let probe = 0, now; (now = performance.now() - began) < time * 1000; await sleep(SLICE_MS)) {
			for (; sent < (now / 1000) * Number(rate); sent++) answers.push(enter(others[sent % others.length]));
			for (; probe < probes && probe < (now / 1000) * PROBES_A_SECOND; probe++) answers.push(enter(marked[probe]));
		}
		await Promise.all(answers);
		const took = (performance.now() - began) / 1000;
		const costs = cost();
		await sleep(2000);
		const latency = [];
		const since = new Date(Date.now() - 3600_000).toISOString();
		for (let n = 0; n < probes; n++) {
			const { events } = await h.ask("/events/list", { since, access_code_id: marked[n].id, event_type: "lock.unlocked" });
			if (events[0] && seen.has(n)) latency.push(seen.get(n) - Date.parse(events[0].created_at));
		}
		console.log(`${sent} doors opened in ${took.toFixed(0)} s; of the processor: ${shares(costs, took)}`);
		console.log(`event to screen, ms: p50 ${quantile(latency, 0.5)}, p90 ${quantile(latency, 0.9)}, p99 ${quantile(latency, 0.99)}; ` +
			`${latency.length} of ${probes} seen; goal p99 < ${GOAL_MS}`);
	} finally {
		watched?.terminal.kill();
		await h.close().catch((e) => console.error(e.message));
	}
}

// From a key to the help that it opens; ms of each.
async function pressed(terminal, waiting, until) {
	const took = [];
	while (!until()) {
		const began = performance.now();
		const shown = new Promise((done) => (waiting.done = done));
		terminal.stdin.write("?");
		await Promise.race([shown, sleep(5000)]);
		waiting.done = null;
		took.push(performance.now() - began);
		terminal.stdin.write("\u001b");
		await sleep(250);
	}
	return took;
}

async function storm(folder) {
	const all = Number(stormRate) * Number(stormSeconds);
	const child = spawn(join(build, "bench/pages"), ["5000", "500", "0", "live"], { stdio: ["ignore", "pipe", "inherit"] });
	const [, url, key] = await new Promise((up) => createInterface({ input: child.stdout }).once("line", (line) => up(/^listening on (\S+) api_key=(\S+)$/.exec(line))));
	const waiting = {};
	let watched;
	let said = "";
	try {
		const env = environment(folder, url, key);
		pull(env);
		watched = await watch(env, (text) => {
			if (/Help/.test(said + text)) waiting.done?.();
			said = text.slice(-10);
		});
		const end = performance.now() + 10_000;
		const quiet = await pressed(watched.terminal, waiting, () => performance.now() > end);
		const cost = meter({ ...watched.pids, server: child.pid });
		const began = performance.now();
		await fetch(`${url}/bench/storm`, { method: "POST", body: JSON.stringify({ rate: Number(stormRate), seconds: Number(stormSeconds) }) });
		const keys = await pressed(watched.terminal, waiting, () => performance.now() > began + Number(stormSeconds) * 1000);
		const costs = cost();
		const count = () => Number(/(\d+) events?/.exec(spawnSync(join(build, "keyrack"), ["doctor"], { env: { ...process.env, ...env }, encoding: "utf8" }).stdout)?.[1]);
		const inTime = count();
		for (let tries = 0; count() < all && tries < 240; tries++) await sleep(500);
		console.log(`a storm of ${stormRate} a second for ${stormSeconds} s: ${inTime} of ${all} in the cache when it ended, ${count()} ${((performance.now() - began) / 1000 - Number(stormSeconds)).toFixed(0)} s later; of the processor: ${shares(costs, Number(stormSeconds))}`);
		const q = (list) => `p50 ${quantile(list, 0.5).toFixed(1)}, p99 ${quantile(list, 0.99).toFixed(1)}`;
		console.log(`key to screen, ms: quiet ${q(quiet)}; in the storm ${q(keys)}; goal p99 within 2 of the quiet one: ${(quantile(keys, 0.99) / quantile(quiet, 0.99)).toFixed(1)}`);
	} finally {
		watched?.terminal.kill();
		child.kill();
	}
}

for (const run of [steady, storm]) {
	const folder = mkdtempSync(join(tmpdir(), "keyrack-bench-"));
	await run(folder).finally(() => rmSync(folder, { recursive: true, force: true, maxRetries: 50, retryDelay: 200 }));
}
