// The fourteen lock systems: each from create to removal, watched over HTTP and at the keypad.
//
// What is expected of each stands in the rows: from the founding document (native scheduling, who
// names the code in an unlock, who takes offline codes) and the makers' rules for names and PINs.

import assert from "node:assert/strict";
import { test } from "node:test";

import { DAY, HOUR, MINUTE, NOON, SECOND, at, withHouse } from "./lib.mjs";

const NAME = "Zoë O'Brien, Reservation-12345";
const WHOLE = { name: NAME };
const SPLIT = { name: NAME, first_name: "Zoë", last_name: "O'Brien, Reservation-12345" };
// How long a write, its reading back and whatever follows may take on the slowest lock.
const SETTLE = MINUTE;

// fits: what every generated PIN is like. refused: a PIN that breaks a rule of the maker's.
const SYSTEMS = [
	{ type: "two_n_intercom", provider: "my_2n", native: true, links: false, appearance: WHOLE, fits: /^\d{4,8}$/, refused: "123456789" },
	{ type: "august_lock", provider: "august", native: true, links: true, appearance: SPLIT, fits: /^\d{4,8}$/ },
	{ type: "igloohome_lock", provider: "igloohome", native: true, links: false, appearance: WHOLE, fits: /^\d{4,9}$/,
		offline: true, notPast: true, unconvertible: true },
	{ type: "kwikset_lock", provider: "kwikset", native: true, links: true, appearance: { name: "Zoë O'Brien, R" }, fits: /^\d{4,8}$/,
		refused: "123456789", notPast: true, unlisted: true },
	{ type: "nuki_lock", provider: "nuki", native: true, links: false, appearance: { name: "Zoë O'Brien, Reserva" },
		fits: /^(?!12)[1-9]{6}$/, refused: "345060" },
	{ type: "salto_lock", provider: "salto_ks", native: true, links: true, appearance: SPLIT, fits: /^\d{6,10}$/, assigned: true,
		refused: "345678", noPool: true },
	{ type: "schlage_lock", provider: "schlage", native: true, links: true, appearance: { name: "Zoe OBrie" }, fits: /^(\d)(?!\1)(\d)(?!\1|\2)(\d)(?!\1|\2|\3)\d{1,5}$/,
		refused: "1123" },
	{ type: "tedee_lock", provider: "tedee", native: true, links: true, appearance: WHOLE, fits: /^\d{5,8}$/, refused: "11221" },
	{ type: "ttlock_lock", provider: "ttlock", native: true, links: true, appearance: WHOLE, fits: /^[1-7]{4,9}$/, refused: "9821",
		facts: { constraints: "cannot_contain_089" } },
	{ type: "wyze_lock", provider: "wyze", native: true, links: false, appearance: WHOLE, fits: /^\d{4,8}$/,
		unconvertible: true }, // its PIN cannot be read, so it could not be put back
	{ type: "yale_lock", provider: "yale", native: true, links: true, appearance: SPLIT, fits: /^\d{6}$/, refused: "1234",
		facts: { lengths: 6 } },
	{ type: "lockly_lock", provider: "lockly", native: false, links: false, appearance: { name: "Zoë O'Brien, Reservation" }, fits: /^\d{6,8}$/,
		refused: "1234", holdsDisabled: true, offline: true },
	{ type: "smartthings_lock", provider: "smartthings", native: false, links: false,
		appearance: { name: "Zoe O'Brien, Reservation-12345" }, fits: /^\d{4,8}$/, unconvertible: true },
	{ type: "dormakaba_oracode_door", provider: "dormakaba_oracode", onlyOffline: true, offline: true, links: false },
];

const held = async (house, id, pin) => (await house.held(id)).codes.find((code) => code.code === pin);
const gone = async (house, access_code_id) => (await house.refused(404, "/access_codes/get", { access_code_id })).type;

// What stands in the life of a code, in this order, whatever else does.
function inOrder(life, ...types) {
	let from = 0;
	for (const type of types) {
		const found = life.indexOf(type, from);
		assert.ok(found >= 0, `${type} after ${types.slice(0, types.indexOf(type))} in: ${life}`);
		from = found + 1;
	}
}

async function rules(house, door, system) {
	assert.equal(door.device_provider.device_provider_name, system.provider);
	assert.equal(door.properties.supports_backup_access_code_pool ?? false, !system.noPool);
	if (system.refused) {
		const no = await house.refused(400, "/access_codes/create", { device_id: door.device_id, code: system.refused });
		assert.equal(no.type, "invalid_input");
		assert.ok(no.validation_errors.code._errors.length > 0);
		assert.ok(!no.message.includes(system.refused), "no PIN in a message");
	}
	if (system.notPast) {
		await house.refused(400, "/access_codes/create", { device_id: door.device_id, starts_at: at(-HOUR), ends_at: at(DAY) });
	}
	const simulated = { device_id: door.device_id, name: "App code", code: system.type === "tedee_lock" ? "95173" : "571364" };
	if (system.unlisted) {
		await house.refused(400, "/access_codes/simulate/create_unmanaged_access_code", simulated);
		assert.deepEqual((await house.ask("/access_codes/unmanaged/list", { device_id: door.device_id })).access_codes, []);
		return;
	}
	await house.ask("/access_codes/simulate/create_unmanaged_access_code", simulated);
	await house.advance(SETTLE);
	const listed = (await house.ask("/access_codes/unmanaged/list", { device_id: door.device_id })).access_codes;
	assert.deepEqual(listed.map((code) => [code.name, code.is_managed]), [["App code", false]]);
	assert.equal(listed[0].cannot_be_managed ?? false, system.unconvertible ?? false);
	assert.ok(await house.opens(door.device_id, simulated.code));
}

// A stay that begins in 80 hours (or 2, where the lock has no schedule) and lasts two.
async function stay(house, door, system) {
	const id = door.device_id;
	const begins = system.native ? 80 * HOUR : 2 * HOUR;
	const ends = begins + 2 * HOUR;
	const lead = system.native ? 72 * HOUR : HOUR;
	const made = await house.create({ device_id: id, name: NAME, starts_at: at(begins), ends_at: at(ends) });
	assert.deepEqual([made.name, made.type, made.status, made.is_scheduled_on_device], [NAME, "time_bound", "unset", false]);
	assert.equal(made.appearance ?? null, null);
	if (system.assigned) assert.deepEqual([made.code, made.is_waiting_for_code_assignment], [null, true]);
	else assert.match(made.code, system.fits);

	const before = (await house.held(id)).slots.used;
	await house.until(begins - lead - SECOND);
	assert.equal((await house.held(id)).slots.used, before, "a second before it is due nothing is written");
	assert.equal((await house.code(made.access_code_id)).is_scheduled_on_device, false);
	await house.advance(SECOND + SETTLE);
	const loaded = await house.code(made.access_code_id);
	assert.match(loaded.code, system.fits);
	assert.equal((await house.held(id)).slots.used, before + 1);
	assert.deepEqual(loaded.appearance, system.appearance);
	assert.equal(loaded.name, NAME);
	const inside = await held(house, id, loaded.code);
	assert.equal(inside.name, system.appearance.name);
	assert.equal(loaded.status, system.native || system.holdsDisabled ? "unset" : "set");
	assert.equal(loaded.is_scheduled_on_device, system.native);
	if (system.native) assert.deepEqual([inside.starts_at, inside.ends_at], [at(begins), at(ends)]);
	if (system.native) inOrder(await house.life(made.access_code_id), "created", "scheduled_on_device");
	const early = !system.native && !system.holdsDisabled;
	assert.equal(loaded.keyrackd.early_from ?? null, early ? at(begins - HOUR) : null);
	assert.equal(await house.opens(id, loaded.code), early);

	await house.until(begins - SECOND);
	assert.equal(await house.opens(id, loaded.code), early, "a second before its start");
	await house.advance(SECOND);
	if (!system.holdsDisabled) assert.ok(await house.opens(id, loaded.code), "at its start");
	await house.advance(SETTLE);
	assert.ok(await house.opens(id, loaded.code));
	const set = await house.code(made.access_code_id);
	assert.equal(set.status, "set");
	assert.deepEqual(set.errors, []);

	const [event] = (await house.events({ device_id: id, event_type: "lock.unlocked" })).slice(-1);
	assert.equal(event.method, "keycode");
	assert.equal(event.access_code_id, system.links ? made.access_code_id : undefined);

	await house.until(ends - SECOND);
	assert.ok(await house.opens(id, loaded.code), "a second before its end");
	await house.advance(SECOND);
	if (system.native) assert.equal(await house.opens(id, loaded.code), false, "at its end");
	await house.advance(SETTLE);
	assert.equal(await house.opens(id, loaded.code), false);
	assert.equal(await held(house, id, loaded.code), undefined, "nothing is left on the lock");
	assert.equal(await gone(house, made.access_code_id), "access_code_not_found");
	inOrder(await house.life(made.access_code_id), "created", "set_on_device", "removed_from_device");
	const { access_codes } = await house.ask("/keyrackd/access_codes/history", { access_code_id: made.access_code_id });
	assert.deepEqual(access_codes.map((code) => code.name), [NAME]);
}

async function ongoing(house, door, system) {
	const id = door.device_id;
	const made = await house.create({ device_id: id, name: NAME });
	await house.advance(SETTLE);
	const set = await house.code(made.access_code_id);
	assert.equal(set.status, "set");
	assert.ok(await house.opens(id, set.code));
	if (!system.assigned) {
		const taken = await house.refused(409, "/access_codes/create", { device_id: id, code: set.code });
		assert.equal(taken.type, "duplicate_access_code");
		const second = await house.create({ device_id: id, name: NAME });
		await house.advance(SETTLE);
		const unique = ["kwikset_lock", "schlage_lock", "wyze_lock"].includes(system.type);
		const other = await house.code(second.access_code_id);
		assert.equal(other.appearance.name === set.appearance.name, !unique, `two of a name: ${other.appearance.name}`);
		assert.equal(other.name, NAME, "its name here is nobody's business but ours");
	}
	await house.ask("/access_codes/delete", { access_code_id: made.access_code_id });
	await house.advance(SETTLE);
	assert.equal(await house.opens(id, set.code), false);
	assert.equal(await gone(house, made.access_code_id), "access_code_not_found");
	inOrder(await house.life(made.access_code_id), "created", "set_on_device");
}

// What each maker lets an offline code be: [starts, ends, extra parameters], in hours after noon.
const OFFLINE = {
	igloohome_lock: {
		takes: [[2, 5], [24, 24 + 672], [24, 24 + 40 * 24, { max_time_rounding: "1d" }], [3, 27, { is_one_time_use: true }]],
		refuses: [[2, 2.5], [24, 24 + 28.5 * 24], [24, 24 + 400 * 24, { max_time_rounding: "1d" }]],
	},
	lockly_lock: {
		takes: [[2, 5], [24, 24 + 30 * 24], [3, 27, { is_one_time_use: true }]],
		refuses: [[2, 2 + 100 * 24]],
	},
	// One slot, noon to noon in Berlin (11:00Z): an hour away at most is rounded to it.
	dormakaba_oracode_door: {
		takes: [[23, 23 + 48], [23.5, 23.5 + 24], [23, 23 + 31 * 24 - 24]],
		refuses: [[23, 23 + 40 * 24], [19, 43], [23, 47, { is_one_time_use: true }]],
	},
};

async function offline(house, door, system) {
	const id = door.device_id;
	assert.equal(door.can_program_offline_access_codes, true);
	await house.fault(id, "offline");
	const rows = OFFLINE[system.type];
	const base = { device_id: id, is_offline_access_code: true, name: NAME };
	const { now } = await house.ask("/keyrackd/simulate/advance", { seconds: 0 });
	// The rows count from a noon that lies ahead.
	const from = Math.ceil((Date.parse(now) - NOON) / DAY) * DAY;
	const hour = (h) => at(from + h * HOUR);
	for (const [starts, ends, extra] of rows.refuses) {
		await house.refused(400, "/access_codes/create", { ...base, starts_at: hour(starts), ends_at: hour(ends), ...extra });
	}
	await house.refused(400, "/access_codes/create", { ...base, code: "123456", starts_at: hour(24), ends_at: hour(27) });
	const codes = [];
	for (const [starts, ends, extra] of rows.takes) {
		const code = await house.create({ ...base, starts_at: hour(starts), ends_at: hour(ends), ...extra });
		assert.equal(code.is_offline_access_code, true);
		assert.ok(Math.abs(Date.parse(code.starts_at) - Date.parse(hour(starts))) <= HOUR, `${code.starts_at} for ${hour(starts)}`);
		codes.push(code);
	}
	await house.advance(SETTLE);
	const first = await house.code(codes[0].access_code_id);
	assert.match(first.code, /^\d{6,10}$/);
	assert.equal(new Set(codes.map((code) => code.code)).size, codes.length);
	const refusedChange = await house.refused(400, "/access_codes/update", { access_code_id: first.access_code_id, name: "Other" });
	assert.ok(refusedChange.message);
	await house.refused(400, "/access_codes/delete", { access_code_id: first.access_code_id });

	await house.until(Date.parse(first.starts_at) - NOON - SECOND);
	assert.equal(await house.opens(id, first.code), false, "a second before its start");
	await house.advance(SECOND);
	assert.ok(await house.opens(id, first.code), "a lock without any connection takes it");
	const once = codes.find((code) => code.is_one_time_use);
	if (once) {
		await house.until(Math.max(Date.parse(once.starts_at), Date.parse(first.starts_at) + SECOND) - NOON);
		assert.ok(await house.opens(id, once.code));
		assert.equal(await house.opens(id, once.code), false, "a second use");
	}
	await house.until(Date.parse(first.ends_at) - NOON - SECOND);
	assert.ok(await house.opens(id, first.code), "a second before its end");
	await house.advance(SECOND);
	assert.equal(await house.opens(id, first.code), false, "at its end");
	assert.deepEqual((await house.held(id)).codes.filter((code) => code.code === first.code), [], "never written");
}

for (const system of SYSTEMS) {
	test(system.type, async () => {
		await withHouse({ locks: { Door: { type: system.type, ...system.facts } } }, async (house) => {
			await house.advance(SETTLE);
			const door = await house.device("Door");
			assert.equal(door.device_type, system.type);
			if (system.onlyOffline) {
				assert.equal(door.can_program_online_access_codes ?? false, false);
				await house.refused(400, "/access_codes/create", { device_id: door.device_id, name: NAME });
			} else {
				await stay(house, door, system);
				await ongoing(house, door, system);
				await rules(house, door, system);
			}
			if (system.offline) await offline(house, door, system);
		});
	});
}
