// cut - an answer that ends after any of its bytes, and one with the wrong type in any of its places.
//
// A cut is made in each answer of a first pull, of a poll and of a change; a wrong value is put at each path of
// each object that the right server's answers have, one a run. KEYRACK_ROUNDS and KEYRACK_SEED: how many, and which.

import assert from "node:assert/strict";
import { test } from "node:test";

import { dice, openHouse, ROUNDS, SEED, Stand, together, until } from "./lib.mjs";
import { whole } from "./server.mjs";

const AT_ONCE = 4;
const PULLED = ["/devices/list", "/access_codes/list", "/access_codes/unmanaged/list", "/events/list"];
const roll = dice(SEED);
const OBEYED = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/;

// The first, the last, and others between them.
const places = (length, n) => [0, 1, length - 1, ...Array.from({ length: Math.max(n - 3, 0) }, () => roll(length))];
const cutAfter = (n, reset) => ({ socket, bytes }) =>
	socket.write(bytes.subarray(0, n), () => (reset ? socket.resetAndDestroy() : socket.end()));

// One run to its end; killed by nobody, and with nothing on the terminal that obeys.
async function once(stand) {
	const run = await stand.desk.cli("sync", "--once");
	assert.equal(run.signal, null, run.err);
	assert.doesNotMatch(run.err, OBEYED);
	return run;
}

async function lengths(house) {
	const stand = await Stand.open(house);
	const seen = new Map();
	try {
		stand.before.fault = ({ socket, path, bytes }) => {
			seen.set(path, Math.min(seen.get(path) ?? Infinity, bytes.length)); // those of each lock differ
			socket.write(bytes);
		};
		assert.equal((await once(stand)).status, 0);
		return [seen, await stand.codes()];
	} finally {
		await stand.close();
	}
}

test(`an answer that is cut, seed ${SEED}`, { timeout: 3_600_000 }, async () => {
	const house = await openHouse();
	try {
		const [seen, right] = await lengths(house);
		const rows = PULLED.flatMap((path) => places(seen.get(path), ROUNDS / 4).map((n, i) => ({ what: `${path} after ${n}`, path, n, reset: i % 2 })));
		await together(AT_ONCE, rows, async ({ path, n, reset }) => {
			const stand = await Stand.open(house, { fault: cutAfter(n, reset) });
			try {
				stand.before.where = (asked) => asked === path;
				const broken = await once(stand);
				assert.notEqual(broken.status, 0);
				assert.match(broken.err, /broke before|no JSON object|no HTTP/);
				stand.before.heal();
				assert.equal((await once(stand)).status, 0);
				assert.deepEqual(await stand.codes(), right);
			} finally {
				await stand.close();
			}
		});
		console.log(`# ${rows.length} cuts in a first pull`);
	} finally {
		await house.close();
	}
});

test(`an answer to a change that is cut, seed ${SEED}`, { timeout: 3_600_000 }, async () => {
	const house = await openHouse();
	const stand = await Stand.open(house);
	try {
		stand.startSync();
		await until("the first pull", async () => ({ ok: (await stand.codes().catch(() => [])).length > 0, seen: stand.said }), 60_000);
		stand.before.where = (path) => path === "/access_codes/create";
		const names = [];
		for (const n of places(900, ROUNDS / 2)) {
			const met = stand.before.met;
			stand.before.fault = cutAfter(n, names.length % 2);
			names.push(`Cut ${names.length}`);
			await stand.create(names.at(-1));
			await until("the cut", async () => ({ ok: stand.before.met > met, seen: stand.said }), 60_000);
			stand.before.fault = null;
		}
		await stand.arrived(names, 60_000);
		console.log(`# ${names.length} cuts in the answer to a change: each is there once`);
	} finally {
		await stand.close();
		await house.close();
	}
});

const VALUES = [null, true, -1, 9e99, 0.5, "x", "", [], {}, [[[[[[[["deep"]]]]]]]], "9".repeat(100_000)];

// Every place in a value, as a list of keys; of an array its first element alone.
function paths(value, at = []) {
	if (!value || typeof value !== "object") return [at];
	const inner = Array.isArray(value) ? value.slice(0, 1).map((one) => [0, one]) : Object.entries(value);
	return [at, ...inner.flatMap(([key, one]) => paths(one, [...at, key]))];
}

function put(body, path, value) {
	let at = body;
	for (const key of path.slice(0, -1)) at = at?.[key];
	if (at && path.length) at[path.at(-1)] = value;
}

test(`the wrong type in every field, seed ${SEED}`, { timeout: 3_600_000 }, async () => {
	const house = await openHouse();
	const stand = await Stand.open(house);
	const turns = new Map(); // by path: how many answers had something wrong
	let wrong = 0, ids = false;
	try {
		assert.equal((await once(stand)).status, 0);
		const right = await stand.codes();
		stand.before.fault = ({ socket, path, right: { status, body, headers } }) => {
			const object = JSON.parse(body);
			const places = paths(object);
			const turn = (turns.get(path) ?? SEED * 7) + 1;
			const place = places[turn * 13 % places.length], value = VALUES[turn % VALUES.length];
			turns.set(path, turn);
			put(object, place, value);
			wrong++;
			ids ||= typeof value === "string"; // another id is another code, and the right one is gone
			socket.write(whole(status, JSON.stringify(object), headers));
		};
		for (let i = 0; i < ROUNDS; i++) {
			await once(stand);
			const names = (await stand.codes()).length;
			if (!ids) assert.ok(names >= right.length, `${right.length - names} codes lost`);
			for (const command of ["codes", "locks", "events"]) {
				const shown = await stand.desk.cli(command);
				assert.equal(shown.status, 0, shown.err);
				assert.doesNotMatch(shown.out + shown.err, OBEYED);
			}
		}
		stand.before.heal();
		assert.equal((await once(stand)).status, 0);
		assert.deepEqual(await stand.codes(), right);
		console.log(`# ${wrong} answers with a wrong value`);
	} finally {
		await stand.close();
		await house.close();
	}
});
