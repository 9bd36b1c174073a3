// serve - how fast keyrackd answers: create, get, and a list of 500 codes; against the vendor's fake server
// (the reference) and nginx sending the same bytes from a file (the ceiling). Needs wrk; nginx if there.
//
// The ratios are of the processor time that an answer costs its server (user and system): each of the three answers
// on one core, so on an idle machine that is the ratio of the rates, and on a busy one it alone means anything.
//
// usage: node serve.mjs BUILD-FOLDER [SECONDS]

import { spawn, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const HERE = dirname(fileURLToPath(import.meta.url));
const [build, seconds = "3"] = process.argv.slice(2);
process.env.KEYRACKD = resolve(build, "keyrackd");
const { House } = await import("../tests/keyrackd/lib.mjs");
const CODES = 500, AT_ONCE = 16, CREATE_LOCKS = 40;

// Nanoseconds on a processor until now, of a process with its threads and children.
function worked(pid) {
	let ns = 0;
	for (const task of readdirSync(`/proc/${pid}/task`)) {
		ns += Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, "utf8").split(" ")[0]);
		for (const child of readFileSync(`/proc/${pid}/task/${task}/children`, "utf8").trim().split(" ")) if (child) ns += worked(child);
	}
	return ns;
}

function wrk(url, env, atOnce = AT_ONCE) {
	const run = spawnSync("wrk", ["-t1", `-c${atOnce}`, `-d${seconds}s`, "-s", join(HERE, "serve.lua"), url],
		{ env: { ...process.env, ...env }, encoding: "utf8" });
	const found = /RESULT (\S+) (\S+) (\S+) (\d+) (\d+)/.exec(run.stdout ?? "");
	if (!found) throw new Error(`wrk: ${run.error?.message ?? run.stdout + run.stderr}`);
	const [rate, p50, p99, requests, bad] = found.slice(1).map(Number);
	return { rate, p50, p99, requests, bad };
}

const freePort = () => new Promise((done) => {
	const server = createServer().listen(0, "127.0.0.1", () => {
		const { port } = server.address();
		server.close(() => done(port));
	});
});

async function nginx(folder, files) {
	if (spawnSync("nginx", ["-v"]).error) return null;
	const port = await freePort();
	chmodSync(folder, 0o755); // its workers are another user
	mkdirSync(join(folder, "www"));
	for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, "www", name), bytes);
	writeFileSync(join(folder, "nginx.conf"), `daemon off; worker_processes 1; pid ${folder}/pid; error_log ${folder}/error.log;
events {} http { access_log off; default_type application/json; keepalive_requests 1000000000; client_body_temp_path ${folder}/b; proxy_temp_path ${folder}/p;
fastcgi_temp_path ${folder}/f; uwsgi_temp_path ${folder}/u; scgi_temp_path ${folder}/s;
server { listen 127.0.0.1:${port}; root ${folder}/www; } }\n`);
	const child = spawn("nginx", ["-c", join(folder, "nginx.conf")], { stdio: "ignore" });
	for (let up = false; !up; ) up = await fetch(`http://127.0.0.1:${port}/list`).then(() => true, () => false);
	return { url: `http://127.0.0.1:${port}`, pid: child.pid, stop: () => child.kill("SIGQUIT") };
}

async function fake() {
	const child = spawn(join(HERE, "../tests/peers/fake-seam"), ["--locks", "1", "--codes", String(CODES), "--events", "0"], { stdio: ["ignore", "pipe", "inherit"] });
	for await (const line of createInterface({ input: child.stdout })) {
		const [, url, key] = /^listening on (\S+) api_key=(\S+)$/.exec(line) ?? [];
		if (!url) break;
		const ask = async (path, params) => (await fetch(url + path, { method: "POST", body: JSON.stringify(params),
			headers: { authorization: `Bearer ${key}`, "content-type": "application/json" } })).json();
		const { devices } = await ask("/devices/list", {});
		const device_id = devices[0].device_id;
		const { access_codes } = await ask("/access_codes/list", { device_id });
		return { url, key, pid: child.pid, device_id, code: access_codes[0].access_code_id, stop: () => child.kill() };
	}
	return null;
}

const folder = mkdtempSync(join(tmpdir(), "keyrack-bench-"));
const locks = Object.fromEntries([["Listed", { type: "two_n_intercom", slots: 1000 }],
	...Array.from({ length: CREATE_LOCKS }, (_, i) => [`Door ${i}`, { type: "two_n_intercom", slots: 10000 }])]);
const house = await House.open({ locks });
const stops = [];
try {
	const listed = (await house.device("Listed")).device_id;
	let code;
	for (let i = 0; i < CODES; i++) code = await house.create({ device_id: listed, name: `Guest ${i}` });
	const bytes = Buffer.from(JSON.stringify(await house.ask("/access_codes/list", { device_id: listed })));
	const peer = await fake();
	if (peer) stops.push(peer.stop);
	const file = await nginx(folder, { list: bytes, get: JSON.stringify(await house.ask("/access_codes/get", { access_code_id: code.access_code_id })) });
	if (file) stops.push(file.stop);

	const door = (await house.device("Door 0")).device_id;
	const body = (device_id, id) => ({
		list: { REQUEST_PATH: "/access_codes/list", BODY: JSON.stringify({ device_id }) },
		// Other words each time, so that no answer that was kept can be given: as after a change on that lock.
		"list, changed": { REQUEST_PATH: "/access_codes/list", BODY: `{"limit":%d,"device_id":"${device_id}"}`, FIRST: "100000" },
		get: { REQUEST_PATH: "/access_codes/get", BODY: JSON.stringify({ access_code_id: id }) },
		create: { REQUEST_PATH: "/access_codes/create", BODY: JSON.stringify({ device_id, name: "Guest %d", code: "19%d", starts_at: "2027-02-01T15:00:00Z", ends_at: "2027-02-03T10:00:00Z" }) },
	});
	const rows = [];
	const bench = (who, what, { url, key, pid }, env) => {
		const before = worked(pid), result = wrk(url, { ...env, API_KEY: key }), us = (worked(pid) - before) / 1e3 / result.requests;
		rows.push({ who, what, us, ...result });
		console.log(`${who.padEnd(10)} ${what.padEnd(15)} ${us.toFixed(1).padStart(12)} ${result.rate.toFixed(0).padStart(8)} ${result.p50.toFixed(2).padStart(8)} ${result.p99.toFixed(2).padStart(8)} ${String(result.bad).padStart(6)}`);
	};
	console.log(`${AT_ONCE} connections, ${seconds} s each; the list is ${CODES} codes, ${(bytes.length / 1024).toFixed(0)} KiB`);
	console.log("who        what            cpu us/answer  answers/s   p50 ms   p99 ms    bad");
	const ours = { url: house.url, key: house.key, pid: house.child.pid };
	bench("keyrackd", "health", ours, { REQUEST_PATH: "/health", METHOD: "GET" });
	for (const [what, env] of Object.entries(body(listed, code.access_code_id)))
		bench("keyrackd", what, ours, what === "create" ? body(door)[what] : env);
	if (peer) for (const [what, env] of Object.entries(body(peer.device_id, peer.code))) bench("fake", what, peer, env);
	if (file) for (const [what, path] of [["list", "/list"], ["list, changed", "/list"], ["get", "/get"]]) bench("nginx", what, file, { REQUEST_PATH: path, METHOD: "GET" });
	const ratio = (what, of, to, goal) => {
		const [a, b] = [of, to].map((who) => rows.find((row) => row.who === who && row.what === what)?.us);
		if (a && b) console.log(`${what}: ${of} takes ${(a / b).toFixed(1)} times the work of ${to} (${goal})`);
	};
	for (const what of ["list", "list, changed", "get", "create"]) ratio(what, "fake", "keyrackd", "goal: 10 or more");
	for (const what of ["list", "list, changed", "get"]) ratio(what, "keyrackd", "nginx", "goal: 5 or less");
} finally {
	for (const stop of stops) stop();
	await house.close().catch((error) => console.error(error.message));
	rmSync(folder, { recursive: true, force: true });
}
