// net - sync before a server that does everything wrong: nothing is lost, it is said what is wrong,
// memory and processor have a bound, and all is well again when the server is.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { LONG, MEMORY_MB, openHouse, Stand, together, until, usage } from "./lib.mjs";
import { NET } from "./net-rows.mjs";

const AT_ONCE = 5;
const CPU_MS = 5_000;     // no timing: a busy loop takes this in a few seconds, and waiting takes none
const MET = 2;            // requests that met the fault, at least
const only = process.env.KEYRACK_ONLY;

let number = 0;

// Nothing of what a terminal obeys.
const obeyed = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f]/;

const refused = (stand, asked) => until(`${asked} is refused`, async () => {
	const intent = (await stand.desk.objects("outbox")).find(({ name }) => name === asked);
	return { ok: intent?.state === "refused", seen: JSON.stringify(intent) };
});

const everywhere = () => true;

async function during(row, stand, before) {
	const asked = `Asked ${++number}`;
	const from = stand.said.length;
	if (!row.first) await stand.create(asked);
	if (row.refuses) {
		await refused(stand, asked);
		stand.before.where = everywhere;
	}
	await until("the fault is met", async () => ({ ok: stand.before.met >= MET, seen: stand.said }));
	if (row.says) await stand.says(row.says, from, row.long ? 240_000 : 60_000);
	else await stand.arrived([asked]);
	assert.doesNotMatch(stand.said, obeyed);
	const after = usage(stand.sync.pid);
	assert.equal(stand.sync.exitCode, null, stand.said);
	const codes = await stand.codes();
	assert.deepEqual(before.codes.filter((one) => !codes.includes(one)), [], "lost from the cache");
	if (after && before.usage) {
		assert.ok(after.cpu_ms - before.usage.cpu_ms < CPU_MS, `${after.cpu_ms - before.usage.cpu_ms} ms of the processor`);
		assert.ok(after.peak_mb < MEMORY_MB, `${after.peak_mb} MB`);
		row.took = `${after.cpu_ms - before.usage.cpu_ms} ms, ${Math.round(after.peak_mb)} MB`;
	}
	return asked;
}

async function one(row, house) {
	const stand = await Stand.open(house, { patience: row.patience });
	const pulled = () => until("the first pull", async () => ({ ok: (await stand.codes().catch(() => [])).length > 0, seen: stand.said }), 60_000);
	try {
		if (row.first) stand.before.fault = row.fault;
		stand.startSync();
		await (row.first ? stand.says(row.says, 0, 60_000) : pulled());
		const before = { codes: await stand.codes(), usage: usage(stand.sync.pid) };
		// A sync that has met it elsewhere first sends nothing, and there would be nothing to refuse.
		if (row.refuses) stand.before.where = (path) => path === "/access_codes/create";
		stand.before.fault = row.fault;
		const asked = await during(row, stand, before);
		stand.before.heal();
		if (row.first) await pulled(); // until then no lock has a name
		const again = `Asked ${++number}`;
		await stand.create(again);
		await pulled();
		await stand.arrived([again, ...(row.refuses || row.first ? [] : [asked])], row.long ? 150_000 : 60_000);
		if (row.refuses) await refused(stand, asked);
		row.said = row.says ? stand.said.trim().split("\n").findLast((line) => row.says.test(line)).replace("keyrack: ", "") : "nothing: the answer is taken";
		if (process.env.KEYRACK_TELL) console.log(`${row.what}: ${row.said} (${row.took})`);
	} finally {
		await stand.close();
	}
}

const cell = (text) => text.replaceAll("|", "&#124;").replaceAll("<", "&lt;");
const tableRow = (row) => `| ${cell(row.what)} | ${cell(row.said)} |`;

// Its table is made by KEYRACK_TABLE=1 of this test; here it is seen that none is missing or says otherwise.
test("docs/reliability.md has each kind and what is said", () => {
	const lines = readFileSync(join(dirname(fileURLToPath(import.meta.url)), "../../docs/reliability.md"), "utf8").split("\n");
	for (const row of NET) {
		const line = lines.find((one) => one.startsWith(`| ${cell(row.what)} | `));
		assert.ok(line, `no row: ${row.what}`);
		if (row.says) assert.match(line, row.says);
	}
});

test("a server that answers wrong", { timeout: 900_000 }, async () => {
	const house = await openHouse();
	// Every stand ends its server; keyrackd is everybody's.
	try {
		const rows = NET.filter((row) => (LONG || !row.long) && (!only || only.split(";").some((part) => row.what.includes(part))));
		await together(AT_ONCE, rows, (row) => one(row, house));
		console.log(`# ${rows.length} kinds of wrong answer`);
		if (process.env.KEYRACK_TABLE) console.log(rows.map(tableRow).join("\n"));
	} finally {
		await house.close();
	}
});
