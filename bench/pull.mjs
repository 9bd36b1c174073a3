// pull - how fast a property is fetched: `keyrack sync --once`, which also commits it to disk,
// against the official JavaScript client listing the same into memory, on one server.
//
// usage: node pull.mjs BUILD-FOLDER [CODES] [LOCKS]

import { execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const HERE = dirname(fileURLToPath(import.meta.url));
const [build, codes = "100000", locks = "200"] = process.argv.slice(2);
const ROUNDS = 3;
const AT_ONCE = 8;
const folder = mkdtempSync(join(tmpdir(), "keyrack-bench-"));

// Runs a command through measure; what it printed is in out.
function measured(env, command, ...args) {
	const result = join(folder, "result");
	const fd = openSync(result, "w");
	const { stdout, status } = spawnSync(join(build, "bench/measure"), [command, ...args],
		{ env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "inherit", fd], encoding: "utf8" });
	if (status !== 0) throw new Error(`${command} ended with ${status}`);
	const cost = JSON.parse(readFileSync(result, "utf8"));
	return { ...cost, cpu_s: cost.user_s + cost.sys_s, out: stdout };
}

const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];

async function main() {
	const server = spawn(join(HERE, "../tests/peers/fake-seam"), ["--locks", locks, "--codes", codes, "--unmanaged", locks, "--events", "500"],
		{ stdio: ["ignore", "pipe", "inherit"] });
	let url, key;
	for await (const line of createInterface({ input: server.stdout })) {
		[, url, key] = /^listening on (\S+) api_key=(\S+)$/.exec(line);
		break;
	}
	const sdk = (atOnce) => () => measured({ SEAM_API_KEY: key }, process.execPath, join(HERE, "pull-sdk.mjs"), url, "1000", String(atOnce));
	const keyrack = () => {
		const cache = mkdtempSync(join(folder, "cache-"));
		const cost = measured({ KEYRACK_ENDPOINT: url, KEYRACK_API_KEY: key, KEYRACK_CACHE: cache, XDG_CONFIG_HOME: folder },
			join(build, "keyrack"), "sync", "--once");
		return { ...cost, cache };
	};
	try {
		const count = Number(sdk(AT_ONCE)().out); // warms the server up, for all alike
		const runs = { "keyrack sync --once": keyrack, "SDK, one request at a time": sdk(1), [`SDK, ${AT_ONCE} at a time`]: sdk(AT_ONCE) };
		const costs = Object.fromEntries(Object.keys(runs).map((name) => [name, []]));
		for (let round = 0; round < ROUNDS; round++) for (const [name, go] of Object.entries(runs)) costs[name].push(go());

		const stored = costs["keyrack sync --once"].at(-1).cache;
		const kept = execFileSync(join(build, "keyrack"), ["codes", "--json"], { maxBuffer: 1 << 30, encoding: "utf8",
			env: { ...process.env, KEYRACK_ENDPOINT: url, KEYRACK_API_KEY: key, KEYRACK_CACHE: stored, XDG_CONFIG_HOME: folder } });
		console.log(`${count} objects: ${locks} locks, ${codes} codes; median of ${ROUNDS} runs; ${kept.split("\n").length - 1} codes in the cache`);
		console.log("                               wall s    CPU s   peak MiB   objects/s");
		const table = {};
		for (const [name, list] of Object.entries(costs)) {
			const row = (table[name] = { wall: median(list.map((c) => c.wall_s)), cpu: median(list.map((c) => c.cpu_s)), rss: median(list.map((c) => c.rss_kib)) / 1024 });
			console.log(`${name.padEnd(28)} ${row.wall.toFixed(2).padStart(8)} ${row.cpu.toFixed(2).padStart(8)} ${row.rss.toFixed(0).padStart(10)} ${(count / row.wall).toFixed(0).padStart(11)}`);
		}
		const mine = table["keyrack sync --once"];
		for (const [name, row] of Object.entries(table))
			if (row !== mine)
				console.log(`keyrack / ${name}: wall ${(mine.wall / row.wall).toFixed(2)}, CPU ${(mine.cpu / row.cpu).toFixed(2)}, memory ${(mine.rss / row.rss).toFixed(2)}`);
	} finally {
		server.kill();
		rmSync(folder, { recursive: true, force: true });
	}
}

await main();
