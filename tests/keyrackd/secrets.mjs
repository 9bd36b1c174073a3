// A day with PINs that are known here, then every byte that keyrackd has left behind is looked through: store,
// WAL, log, command line, environment, metrics, audit, webhooks that did not ask for a PIN.
//
// The file .locks is not ours: it is the memory of the simulated locks, and shows that the search finds what
// is there.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { test } from "node:test";
import { HOUR, MINUTE, DAY, at, withHouse } from "./lib.mjs";

// Long ones: four digits stand somewhere in any file.
const LOCKS = {
	Front: { type: "august_lock", lengths: 8 }, Late: { type: "nuki_lock" }, Pool: { type: "two_n_intercom", lengths: 8 },
	Offline: { type: "igloohome_lock" },
};

const spellings = (pin) => [Buffer.from(pin), Buffer.from(pin, "utf16le"), Buffer.from(pin, "utf16le").swap16(),
	Buffer.from(Buffer.from(pin).toString("hex"))];
const found = (bytes, pins) => pins.filter((pin) => spellings(pin).some((spelling) => bytes.includes(spelling)));
const none = (what, bytes, pins) => assert.deepEqual(found(Buffer.from(bytes), pins), [], what);

async function receiver() {
	const got = [];
	const server = createServer((request, answer) => {
		let body = "";
		request.on("data", (part) => body += part).on("end", () => {
			got.push(JSON.stringify(request.headers) + body);
			answer.end();
		});
	});
	await new Promise((done) => server.listen(0, "127.0.0.1", done));
	return { got, url: `http://127.0.0.1:${server.address().port}/hook`, close: () => server.close() };
}

// Every file but the locks' own, the property that the test wrote, and keys.
function scan(house, pins, when) {
	for (const name of readdirSync(house.folder)) {
		if (/\.locks$|\.ini$/.test(name)) continue;
		none(`${name}, ${when}`, readFileSync(join(house.folder, name)), pins);
	}
	none(`the log, ${when}`, house.said, pins);
}

async function day(house, pins) {
	const device = async (name) => (await house.device(name)).device_id;
	const [front, late, pool, offline] = await Promise.all(["Front", "Late", "Pool", "Offline"].map(device));
	const known = (code) => (pins.add(code.code), code);

	const made = known(await house.create({ device_id: front, code: "73014692", name: "Anna" }));
	const stay = { starts_at: at(2 * HOUR), ends_at: at(DAY) };
	known(await house.create({ device_id: late, code: "735918", ...stay })); // written just in time
	const pooled = known(await house.create({ device_id: pool, code: "86421357", ...stay, use_backup_access_code_pool: true }));
	known(await house.create({ device_id: offline, is_offline_access_code: true, starts_at: at(HOUR), ends_at: at(5 * HOUR) }));
	const gone = known(await house.create({ device_id: front, code: "95174638", name: "Gone" }));
	await house.advance(10 * MINUTE);
	pins.add("84125763");
	await house.ask("/access_codes/update", { access_code_id: made.access_code_id, code: "84125763" });
	await house.ask("/access_codes/delete", { access_code_id: gone.access_code_id });
	pins.add("61728349");
	await house.ask("/keyrackd/simulate/app", { device_id: front, add: { code: "61728349", name: "By hand" } });
	known((await house.ask("/access_codes/pull_backup_access_code", { access_code_id: pooled.access_code_id })).access_code);
	await house.advance(10 * MINUTE);
	for (const code of pins) await house.opens(front, code);
	pins.add("59481726");
	assert.equal(await house.opens(front, "59481726"), false);

	// What goes wrong must not tell either.
	await house.refused(409, "/access_codes/create", { device_id: front, code: "84125763" });
	await house.refused(400, "/access_codes/create", { device_id: front, code: "84125763", starts_at: "yesterday" });
	await house.refused(404, "/access_codes/create", { device_id: "nowhere", code: "59481726" });
	await house.fault(front, "offline");
	pins.add("32846517");
	await house.ask("/access_codes/create", { device_id: front, code: "32846517", attempt_for_offline_device: true });
	await house.advance(3 * HOUR);
	await house.fault(front, "offline", false);
	await house.advance(HOUR);
	await fetch(new URL("/access_codes/nothing?code=84125763", house.url), { method: "POST", body: '{"code":"84125763"' });
}

test("what keyrackd leaves behind holds no PIN", async () => {
	const hook = await receiver();
	await withHouse({ locks: LOCKS, args: ["--log-level", "debug"] }, async (house) => {
		const pins = new Set();
		const events = ["access_code.created", "lock.locked", "device.disconnected", "access_code.delay_in_setting_on_device"];
		await house.ask("/webhooks/create", { url: hook.url, event_types: events });
		await day(house, pins);
		const all = [...pins];
		assert.ok(all.length >= 9 && all.every((pin) => /^\d{6,}$/.test(pin)), all.join());

		assert.ok(found(readFileSync(join(house.folder, "store.db.locks")), all).length > 2, "the search finds nothing");
		const inEvents = JSON.stringify(await house.events({}));
		assert.ok(found(Buffer.from(inEvents), all).length > 2, "the API's events are without their PINs");
		scan(house, all, "while it runs");

		const pid = house.child.pid;
		for (const file of ["cmdline", "environ"]) none(`/proc/PID/${file}`, readFileSync(`/proc/${pid}/${file}`), all);
		if (process.getuid() !== 0) assert.throws(() => readFileSync(`/proc/${pid}/mem`), "its memory is open to its user");
		assert.match(readFileSync(`/proc/${pid}/limits`, "utf8"), /core file size +0 /);
		for (const path of ["/metrics", "/health"]) {
			const answer = await fetch(new URL(path, house.url), { headers: { authorization: `Bearer ${house.key}` } });
			none(path, await answer.text(), all);
		}
		none("the audit", execFileSync(process.env.KEYRACKD, ["audit", "export", "--store", house.store]), all);
		assert.ok(hook.got.length > 0, "no webhook came");
		none("webhooks", hook.got.join("\n"), all);

		// An abort leaves no core, and what it leaves is as it was.
		const before = readdirSync(".").filter((name) => /^core/.test(name));
		await house.kill("SIGABRT");
		assert.deepEqual(readdirSync(".").filter((name) => /^core/.test(name)), before);
		scan(house, all, "after an abort");
		await house.launch();
		await house.kill("SIGTERM");
		scan(house, all, "after its end");
		await house.launch();
	});
	hook.close();
});
