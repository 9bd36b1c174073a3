// names - words from outside that are weapons, through every command: none reaches a terminal, a table, a
// spreadsheet, a log or another program as more than words.
//
// The server gives each lock, code and event one of tests/hostile/names, raw bytes and all. What a screen
// makes of them is tests/ui/screens/hostile-names.

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

import { MEMORY_MB, openHouse, Stand, until, usage } from "./lib.mjs";
import { whole } from "./server.mjs";

const HERE = dirname(fileURLToPath(import.meta.url));
const FOLDER = join(HERE, "../hostile/names");
const NAMES = readdirSync(FOLDER).sort().map((name) => ({ name, bytes: readFileSync(join(FOLDER, name)) }));
const WORDS = new Set(["name", "display_name", "message", "description", "location_name", "model", "words", "title"]);
const HUGE = Buffer.alloc(10 << 20, "Ann\u0301\u202e ");

// What a terminal obeys, what turns its lines around, what cannot be seen; a new line is the output's own.
const OBEYED = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/u;
// What stands behind the first line of the name 'newlines', as a line of its own.
const SECOND_LINE = /^b[\r␍]|^c[\r␍]d/mu;
const FORMULA = /^[=+\-@\t\r|%＝＋－＠]/;

// As a careless server writes a text into JSON: only what would end it is escaped.
const escaped = (bytes) => Buffer.concat([...bytes].map((byte) => byte === 0x22 || byte === 0x5c ? Buffer.of(0x5c, byte)
	: byte < 0x20 ? Buffer.from(`\\u00${byte.toString(16).padStart(2, "0")}`) : Buffer.of(byte)));

const MARK = /@(\d+)@/g;
let next = 0;
function marked(value, key) {
	if (Array.isArray(value)) return value.map((one) => marked(one));
	if (value && typeof value === "object") return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, marked(v, k)]));
	return typeof value === "string" && WORDS.has(key) ? `@${next++ % NAMES.length}@` : value;
}

function weapons({ socket, right }) {
	const text = JSON.stringify(marked(JSON.parse(right.body)));
	const parts = [];
	let at = 0;
	for (const found of text.matchAll(MARK)) {
		parts.push(Buffer.from(text.slice(at, found.index)), escaped(NAMES[Number(found[1])].bytes));
		at = found.index + found[0].length;
	}
	socket.write(whole(200, Buffer.concat([...parts, Buffer.from(text.slice(at))]), right.headers));
}

let house, stand;

before(async () => {
	house = await openHouse(NAMES.length + 6);
	stand = await Stand.open(house, { fault: weapons });
	stand.startSync();
	await until("the first pull", async () => ({ ok: (await stand.desk.objects("codes").catch(() => [])).length >= NAMES.length, seen: stand.said }), 60_000);
});

after(async () => {
	await stand?.close();
	await house?.close();
});

const ids = async () => ({ code: (await stand.desk.objects("codes"))[0].access_code_id, lock: (await stand.desk.objects("locks"))[0].device_id });

// Each command as people read it and, where it can, as programs do.
const COMMANDS = [
	{ args: ["locks"] }, { args: ["codes"] }, { args: ["events"] }, { args: ["outbox"] }, { args: ["journal"] },
	{ args: ["code", "show", "$code"] }, { args: ["code", "show", "$code", "--pins"], plain: true }, { args: ["who", "$lock"] },
	{ args: ["doctor"], status: null }, { args: ["night-sheet"], plain: true, own: "\f" }, { args: ["events", "--csv"], csv: true, own: "\r\n" },
	{ args: ["export", "-"], plain: true, objects: true }, { args: ["codes", "--ascii"], plain: true, status: null },
	{ args: ["code", "show", "a"], plain: true, status: null }, { args: ["lock", "a", "--yes"], plain: true, status: null },
	{ args: ["sync", "--once"], plain: true, status: null },
];

function cells(line) {
	return [...line.matchAll(/"((?:[^"]|"")*)"/g)].map((found) => found[1].replaceAll('""', '"'));
}

// Where it is, and no more: what failed may be megabytes.
function harmless(text) {
	const at = text.search(OBEYED);
	assert.ok(at < 0, `U+${text.codePointAt(at)?.toString(16)} in ${JSON.stringify(text.slice(Math.max(at - 60, 0), at + 20))}`);
}

function judge(row, said) {
	harmless(said.err ?? "");
	harmless(row.own ? said.out.replaceAll(row.own, "") : said.out);
	if (row.csv) for (const line of said.out.split("\n")) for (const cell of cells(line)) assert.doesNotMatch(cell, FORMULA);
	if (row.objects) for (const line of said.out.split("\n").filter(Boolean)) JSON.parse(line);
}

for (const row of COMMANDS) {
	test(row.args.join(" "), async () => {
		const names = await ids();
		const args = row.args.map((arg) => (arg[0] === "$" ? names[arg.slice(1)] : arg));
		const said = await stand.desk.cli(...args);
		if (row.status !== null) assert.equal(said.status, 0, said.err);
		judge(row, said);
		if (row.plain || row.csv) return;
		const objects = await stand.desk.cli(...args, "--json");
		assert.equal(objects.status, row.status === null ? objects.status : 0, objects.err);
		judge({ objects: true }, objects);
	});
}

test("what sync says and keeps in logs", async () => {
	harmless(stand.said);
	harmless(stand.desk.logged());
});

test("a code for somebody with such a name", async () => {
	const lock = (await ids()).lock;
	for (const { name, bytes } of NAMES) {
		if (bytes.includes(0)) continue; // no argument can hold it
		const said = await stand.desk.cli("code", "create", "--lock", lock, "--name", `${bytes.toString("latin1") === bytes.toString() ? bytes : Buffer.from(bytes).toString()}`);
		assert.ok([0, 2, 5].includes(said.status) || said.err, `${name}: ${said.status} ${said.err}`);
		judge({}, said);
	}
	judge({}, await stand.desk.cli("outbox"));
	judge({ objects: true }, await stand.desk.cli("outbox", "--json"));
});

// All that can be looked at, and one name after the other typed where a name is asked for.
const LINES = ["help", ...["rack", "locks", "tonight", "events", "outbox", "journal", "triage", "codes", "handover", "staff", "imports", "strays", "free"]
	.flatMap((screen) => [screen, "list", "more", "1", "more", "."])];

test("the console as plain lines", async () => {
	const names = NAMES.filter(({ bytes }) => !bytes.includes(0) && !bytes.includes(10)).map(({ bytes }) => bytes);
	const child = spawn(process.env.KEYRACK, ["--line"], { env: stand.desk.environment(), stdio: ["pipe", "pipe", "pipe"] });
	let out = "", err = "";
	child.stdout.on("data", (part) => (out += part.toString("latin1")));
	child.stderr.on("data", (part) => (err += part.toString("latin1")));
	const typed = [...LINES.map((line) => Buffer.from(line)), ...names.flatMap((name) => [name, Buffer.from("find"), name, Buffer.from(".")]),
		...NAMES.flatMap((_, n) => [`rack`, `${n + 1}`, "new", "", "", "", "", "", ".", "."].map((word) => Buffer.from(word))),
		...names.slice(0, 20).flatMap((name) => ["rack", "new", "", name, "", "", "", ".", "."].map((word) => Buffer.from(word)))];
	child.stdin.end(Buffer.concat([...typed, Buffer.from("quit")].flatMap((line) => [line, Buffer.from("\n")])));
	const [code] = await once(child, "close");
	for (const part of [out, err]) {
		const said = new TextDecoder("utf-8", { fatal: true }).decode(Buffer.from(part, "latin1"));
		harmless(said);
		assert.doesNotMatch(said, SECOND_LINE); // a name with lines in it begins none
	}
	assert.equal(code, 0, err);
	assert.ok(out.length > 10_000, `${out.length} bytes`);
	console.log(`# ${out.split("\n").length} lines`);
});

test("webhooks, the audit and who stood at the desk", async () => {
	const { device_id } = await house.device("Attic");
	const payloads = [];
	const receiver = createServer((request, answer) => {
		const parts = [];
		request.on("data", (part) => parts.push(part)).on("end", () => {
			payloads.push(Buffer.concat(parts));
			answer.end();
		});
	}).listen(0, "127.0.0.1");
	await once(receiver, "listening");
	const { webhook } = await house.ask("/webhooks/create", { url: `http://127.0.0.1:${receiver.address().port}/` });
	for (const { bytes } of NAMES) {
		const operator = [...bytes].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join("");
		await fetch(new URL("/access_codes/create", house.url), { method: "POST",
			body: Buffer.concat([Buffer.from(`{"device_id":"${device_id}","name":"`), escaped(bytes), Buffer.from('"}')]),
			headers: { authorization: `Bearer ${house.key}`, "content-type": "application/json", ...(operator.length < 600 ? { "keyrack-operator": operator } : {}) } });
		if (bytes.includes(0)) continue;
		const made = spawnSync(process.env.KEYRACKD, ["key", "create", "--store", house.store, "--role", "read", "--name", bytes.toString()]);
		harmless(made.stderr.toString());
	}
	await until("webhooks", async () => ({ ok: payloads.length > NAMES.length, seen: `${payloads.length}` }), 30_000);
	await house.ask("/webhooks/delete", { webhook_id: webhook.webhook_id });
	receiver.close();
	for (const payload of payloads) {
		harmless(new TextDecoder("utf-8", { fatal: true }).decode(payload));
		JSON.parse(payload);
	}
	const list = spawnSync(process.env.KEYRACKD, ["key", "list", "--store", house.store]);
	harmless(new TextDecoder("utf-8", { fatal: true }).decode(list.stdout));
	const audit = spawnSync(process.env.KEYRACKD, ["audit", "export", "--store", house.store], { maxBuffer: 64 << 20 });
	judge({ objects: true }, { out: new TextDecoder("utf-8", { fatal: true }).decode(audit.stdout), err: audit.stderr.toString() });
	const verified = spawnSync(process.env.KEYRACK, ["audit", "verify", "-"], { input: audit.stdout, env: stand.desk.environment() });
	assert.equal(verified.status, 0, verified.stdout.toString());
	harmless(verified.stdout.toString());
	harmless(house.said);
});

test("keyrackd, given such a name, and what it tells of it", async () => {
	const { device_id } = await house.device("Front");
	for (const { bytes } of NAMES) {
		const body = Buffer.concat([Buffer.from(`{"device_id":"${device_id}","name":"`), escaped(bytes), Buffer.from('"}')]);
		const answer = await fetch(new URL("/access_codes/create", house.url), { method: "POST", body,
			headers: { authorization: `Bearer ${house.key}`, "content-type": "application/json" } });
		assert.ok([200, 400].includes(answer.status), `${answer.status}`);
		JSON.parse(await answer.text());
	}
	harmless(house.said);
	const metrics = await fetch(new URL("/metrics", house.url), { headers: { authorization: `Bearer ${house.key}` } });
	harmless(await metrics.text());
});

test("a name of ten megabytes", async () => {
	stand.before.fault = ({ socket, right }) => {
		const body = JSON.parse(right.body);
		for (const code of (body.access_codes ?? []).slice(0, 1)) code.name = "@0@";
		const [head, tail] = JSON.stringify(body).split("@0@");
		socket.write(whole(200, tail === undefined ? right.body : Buffer.concat([Buffer.from(head), HUGE, Buffer.from(tail)]), right.headers));
	};
	const huge = await Stand.open(house, { fault: stand.before.fault });
	stand.before.fault = weapons;
	try {
		huge.startSync();
		await until("the first pull", async () => ({ ok: (await huge.desk.objects("locks").catch(() => [])).length > 0, seen: huge.said }), 60_000);
		await huge.create("Somebody");
		await huge.arrived(["Somebody"], 60_000);
		const said = await huge.desk.cli("codes");
		assert.equal(said.status, 0, said.err);
		judge({}, said);
		const memory = usage(huge.sync.pid);
		if (memory) assert.ok(memory.peak_mb < MEMORY_MB, `${memory.peak_mb} MB`);
		console.log(`# sync ${Math.round(memory?.peak_mb ?? 0)} MB, table ${said.out.length} bytes`);
		const { device_id } = await house.device("Front");
		const answer = await fetch(new URL("/access_codes/create", house.url), { method: "POST", body: JSON.stringify({ device_id, name: HUGE.toString() }),
			headers: { authorization: `Bearer ${house.key}`, "content-type": "application/json" } }).catch(() => ({ status: 413 }));
		assert.ok([400, 413].includes(answer.status), `${answer.status}`);
	} finally {
		await huge.close();
	}
});
