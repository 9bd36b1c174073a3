// pull - how fast a property is fetched and kept in step: `keyrack sync`, which also commits it to disk, against
// the official JavaScript client listing the same into memory, and against the floor (bench/floor.c), on one
// server that costs next to nothing (bench/pages.c).
//
// usage: node pull.mjs BUILD-FOLDER [CODES [LOCKS [ROUNDS]]]

import { spawn, spawnSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { createConnection } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const HERE = dirname(fileURLToPath(import.meta.url));
const [build, codes = "100000", locks = String(Math.ceil(Number(codes) / 100)), rounds = "3"] = process.argv.slice(2);
const AT_ONCE = 8;
const QUIET_S = 20;
const TICKS = 100; // of /proc, a second
const folder = mkdtempSync(join(tmpdir(), "keyrack-bench-"));
const sleep = (ms) => new Promise((over) => setTimeout(over, ms));
const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];

// Runs a command through measure; what it printed is in out.
function measured(env, command, ...args) {
	const result = join(folder, "result");
	const fd = openSync(result, "w");
	const { stdout, status } = spawnSync(join(build, "bench/measure"), [command, ...args],
		{ env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "inherit", fd], encoding: "utf8" });
	closeSync(fd);
	if (status !== 0) return null;
	const cost = JSON.parse(readFileSync(result, "utf8"));
	return { ...cost, cpu_s: cost.user_s + cost.sys_s, out: stdout };
}

function cpuOf(pid) {
	const fields = readFileSync(`/proc/${pid}/stat`, "utf8").replace(/^.*\) /, "").split(" ");
	return (Number(fields[11]) + Number(fields[12])) / TICKS;
}

async function serve() {
	const child = spawn(join(build, "bench/pages"), [codes, locks, "500"], { stdio: ["ignore", "pipe", "inherit"] });
	for await (const line of createInterface({ input: child.stdout })) {
		const [, url, key] = /^listening on (\S+) api_key=(\S+)$/.exec(line);
		return { url, key, ask: (path, params) => fetch(url + path, { method: "POST", body: JSON.stringify(params) }), stop: () => child.kill() };
	}
	throw new Error("bench/pages does not listen");
}

// A sync that stays, and what it says on its socket.
async function follow(env) {
	const child = spawn(join(build, "keyrack"), ["sync", "--service"], { env: { ...process.env, ...env }, stdio: "ignore" });
	const ended = new Promise((over) => child.once("exit", over));
	let socket;
	for (let tries = 0; !socket && tries < 600; tries++) {
		await sleep(100);
		socket = await new Promise((done) => {
			const one = createConnection(join(env.KEYRACK_CACHE, "poke"), () => done(one)).on("error", () => done(null));
		});
	}
	let phase = "";
	const phases = [];
	createInterface({ input: socket }).on("line", (line) => {
		const found = /^status .*?phase=(\S+)/.exec(line);
		if (found && found[1] !== phase) phases.push((phase = found[1]));
	});
	socket.write(`hello ${process.pid}\n`);
	const until = async (what) => {
		while (!what()) await sleep(20);
	};
	await until(() => phase === "following");
	return {
		pid: child.pid,
		async compare() {
			const from = phases.length;
			const before = cpuOf(child.pid);
			socket.write("compare\n");
			await until(() => phases.slice(from).includes("comparing") && phase === "following");
			return cpuOf(child.pid) - before;
		},
		// Until a second of nothing has followed.
		async during(act) {
			const before = cpuOf(child.pid);
			await act();
			for (let last = before, still = 0; still < 6; ) {
				await sleep(500);
				const now = cpuOf(child.pid);
				still = now - last < 0.03 && now - before > 0.03 ? still + 1 : 0;
				last = now;
			}
			return cpuOf(child.pid) - before;
		},
		async stop() {
			child.kill();
			await ended;
		},
	};
}

const number = (n, digits = 2) => n.toFixed(digits).padStart(9);

function print(name, list) {
	const row = { wall: median(list.map((c) => c.wall_s)), cpu: median(list.map((c) => c.cpu_s)), mib: median(list.map((c) => c.rss_kib)) / 1024 };
	console.log(`${name.padEnd(34)}${number(row.wall)}${number(row.cpu)}${number(row.mib, 0)}`);
	return row;
}

const verdict = (name, value, goal) => console.log(`${name.padEnd(70)}${number(value, 3)}   goal ${goal}   ${value <= goal ? "met" : "missed"}`);

async function main() {
	const server = await serve();
	const own = { KEYRACK_ENDPOINT: server.url, KEYRACK_API_KEY: server.key, XDG_CONFIG_HOME: folder, XDG_STATE_HOME: folder };
	const once = (cache) => measured({ ...own, KEYRACK_CACHE: cache }, join(build, "keyrack"), "sync", "--once");
	let cache;
	try {
		const costs = { keyrack: [], floor: [], sdk: [] };
		for (let round = 0; round < Number(rounds); round++) {
			cache = mkdtempSync(join(folder, "cache-"));
			costs.keyrack.push(once(cache));
			const floor = mkdtempSync(join(folder, "floor-"));
			costs.floor.push(measured(own, join(build, "bench/floor"), server.url, floor));
			rmSync(floor, { recursive: true });
			costs.sdk.push(measured({ SEAM_API_KEY: "seam_bench" }, process.execPath, join(HERE, "pull-sdk.mjs"), server.url, "1000", String(AT_ONCE)));
			if (round + 1 < Number(rounds)) rmSync(cache, { recursive: true });
		}
		console.log(`${codes} codes on ${locks} locks; median of ${rounds}\n${"first pull".padEnd(34)}   wall s    CPU s      MiB`);
		const mine = print("keyrack sync --once", costs.keyrack);
		const sdk = costs.sdk.every(Boolean) ? print(`SDK into memory, ${AT_ONCE} at a time`, costs.sdk) : console.log("SDK: did not come to an end");
		print("the floor, one after the other", costs.floor);
		const stages = costs.floor.map(({ out }) => JSON.parse(out));
		const of = (stage, what) => median(stages.map((run) => run[stage][what]));
		for (const stage of ["fetch", "parse", "insert"]) console.log(`  ${stage.padEnd(32)}${number(of(stage, "wall_s"))}${number(of(stage, "cpu_s"))}`);

		const sync = await follow({ ...own, KEYRACK_CACHE: cache });
		const first = await sync.compare();
		const again = await sync.compare();
		const before = cpuOf(sync.pid);
		await sleep(QUIET_S * 1000);
		const quiet = cpuOf(sync.pid) - before;
		const changed = await sync.during(() => server.ask("/bench/change", { every: 100 }));
		await sync.stop();
		console.log(`\nstaying in step${" ".repeat(28)}CPU s`);
		for (const [what, cost] of [[`${QUIET_S} s in which nothing happens`, quiet], ["1 % of the codes changed", changed],
			["the first comparison of a sync", first], ["a later one, nothing changed", again]])
			console.log(`${what.padEnd(34)}${" ".repeat(9)}${number(cost)}`);

		console.log("");
		if (sdk) {
			verdict("first pull: wall, of the SDK's", mine.wall / sdk.wall, 1);
			verdict("first pull: memory, of the SDK's", mine.mib / sdk.mib, 0.334);
		}
		verdict("first pull: wall, of the floor's slowest stage", mine.wall / Math.max(of("fetch", "wall_s"), of("parse", "wall_s"), of("insert", "wall_s")), 1.3);
		verdict("first pull: CPU, of the floor's three stages", mine.cpu / (of("fetch", "cpu_s") + of("parse", "cpu_s") + of("insert", "cpu_s")), 1.3);
		verdict("1 % changed: CPU, of the first pull's", changed / mine.cpu, 0.02);
	} finally {
		server.stop();
		rmSync(folder, { recursive: true, force: true });
	}
}

await main();
