// house - what the server holds when it starts: locks, codes, history.
//
// bulk() makes as many as asked for; harbourHouse() makes a small hotel with a day in it: guests
// in the house and guests to come, cleaners, residents, a lock that is offline with an arrival
// tonight, a code made at the keypad. Both follow the seed.

import { BRANDS, brandOf, newPin } from "./brands.mjs";
import { DAY, HOUR, WORKSPACE, deferral, newCode } from "./world.mjs";

export const ZONE = "Europe/Berlin";
const iso = (ms) => new Date(ms).toISOString();

// The instant at which the clocks of a zone show hour:minute, so many days from the day of `now`.
export function civil(now, days, hour, minute = 0, zone = ZONE) {
	const shown = (ms) => {
		const parts = Object.fromEntries(new Intl.DateTimeFormat("en-GB", { timeZone: zone, hourCycle: "h23", year: "numeric",
			month: "numeric", day: "numeric", hour: "numeric", minute: "numeric" }).formatToParts(ms).map((p) => [p.type, Number(p.value)]));
		return Date.UTC(parts.year, parts.month - 1, parts.day, parts.hour, parts.minute);
	};
	const today = new Date(shown(now));
	const wanted = Date.UTC(today.getUTCFullYear(), today.getUTCMonth(), today.getUTCDate() + days, hour, minute);
	const first = wanted - (shown(wanted) - wanted);
	return first + (wanted - shown(first));
}

function batteryStatus(level) {
	return level <= 0.05 ? "critical" : level <= 0.2 ? "low" : level < 0.9 ? "good" : "full";
}

function newDevice(chance, now, { brand, name, place, room, zone = ZONE, online = true, locked = true, battery = 0.8 }) {
	const offline = { error_code: "device_disconnected", is_device_error: true, created_at: iso(now - 2 * HOUR),
		message: "The device cannot be reached; check its power and its bridge" };
	return {
		device_id: chance.uuid(), device_type: brand.device_type, display_name: name, nickname: name,
		connected_account_id: `${brand.provider}_connected_account`, workspace_id: WORKSPACE, is_managed: true,
		capabilities_supported: ["lock", "access_code"], created_at: iso(now - 400 * DAY + chance.below(300) * HOUR),
		space_ids: [], custom_metadata: {}, errors: online ? [] : [offline],
		warnings: battery !== null && battery <= 0.05 ? [{ warning_code: "device_has_flaky_connection", is_device_warning: true,
			created_at: iso(now - DAY), message: "The device loses its connection now and then" }] : [],
		location: { location_name: place, room_name: room ?? null, time_zone: zone, timezone: zone },
		device_provider: { device_provider_name: brand.provider, display_name: brand.brand, provider_category: "stable" },
		device_manufacturer: { manufacturer: brand.provider, display_name: brand.brand },
		...(brand.can_lock ? { can_remotely_lock: true } : {}), can_remotely_unlock: true,
		...(brand.online_codes ? { can_program_online_access_codes: true } : {}),
		...(brand.offline_codes ? { can_program_offline_access_codes: true } : {}),
		can_unlock_with_code: true,
		properties: {
			name, appearance: { name }, online, manufacturer: brand.provider,
			model: { display_name: brand.model, manufacturer_display_name: brand.brand },
			serial_number: chance.hex(10).toUpperCase(),
			...(online ? { locked } : {}),
			...(online && battery !== null ? { battery: { level: battery, status: batteryStatus(battery) }, battery_level: battery } : {}),
			supported_code_lengths: brand.lengths, code_constraints: brand.constraints,
			max_active_codes_supported: brand.max_codes, supports_backup_access_code_pool: brand.backup_pool,
			has_native_entry_events: brand.names_code,
			...(brand.device_type === "dormakaba_oracode_door" ? { offline_time_frame_options: [{ display_name: "Night", max_duration: "P31D",
				time_pairs: [{ display_name: "Check-in", start_time: "15:00", end_time: "11:00" }], time_zone: zone }] } : {}),
		},
	};
}

// The pieces that both kinds of world are put together from.
class Builder {
	devices = [];
	codes = [];
	events = [];
	pins = new Map();

	constructor(chance, now) {
		this.chance = chance;
		this.now = now;
	}

	device(spec) {
		const device = newDevice(this.chance, this.now, spec);
		this.devices.push(device);
		this.pins.set(device.device_id, new Set());
		return device;
	}

	code(device, name, starts, ends, more = {}) {
		const { now, chance } = this;
		const brand = brandOf(device.device_type);
		const taken = this.pins.get(device.device_id);
		const pin = more.code ?? newPin(device, taken, chance);
		taken.add(pin);
		const lead = brand.native ? 72 * HOUR : HOUR;
		const timed = starts !== null;
		const running = !timed || starts <= now;
		const stored = timed && !running && brand.native && starts - lead <= now;
		const code = newCode({
			access_code_id: chance.uuid(), device_id: device.device_id, name, code: pin,
			created_at: iso(Math.min(now - HOUR, timed ? starts - 5 * DAY : now) - chance.below(20 * 24) * HOUR),
			status: running || (!brand.online_codes && running) ? "set" : "unset",
			...(timed ? { starts_at: iso(starts), ends_at: iso(ends), is_scheduled_on_device: brand.native && (running || stored) } : {}),
			is_offline_access_code: !brand.online_codes,
			is_backup_access_code_available: brand.backup_pool && timed && device.properties.online,
			pending_mutations: timed && !running && !stored && brand.online_codes ? [deferral(starts - lead)] : [],
			...more,
		});
		this.codes.push(code);
		return code;
	}

	unmanaged(device, name, more = {}) {
		const { access_code_id, workspace_id, device_id, type, created_at, code } = this.code(device, name, null, null, more);
		this.codes[this.codes.length - 1] = { access_code_id, workspace_id, device_id, is_managed: false, type, status: "set", name,
			code, created_at, errors: [], warnings: [], ...more };
	}

	event(event_type, device, at, fields = {}) {
		this.events.push({
			event_id: this.chance.uuid(), event_type, workspace_id: WORKSPACE, created_at: iso(at), occurred_at: iso(at - this.chance.below(900)),
			event_description: event_type.replace(/[._]/g, " "), device_id: device.device_id,
			connected_account_id: device.connected_account_id, ...fields,
		});
	}

	unlocked(device, code, at) {
		const named = brandOf(device.device_type).names_code && code !== undefined;
		this.event("lock.unlocked", device, at, { method: "keycode",
			...(named ? { access_code_id: code.access_code_id, access_code_is_managed: code.is_managed } : {}) });
	}

	done() {
		this.events.sort((a, b) => (a.created_at < b.created_at ? -1 : a.created_at > b.created_at ? 1 : 0));
		return { devices: this.devices, access_codes: this.codes, events: this.events };
	}
}

export function bulk(chance, now, { locks, codes, unmanaged, events }) {
	const made = new Builder(chance, now);
	const brands = BRANDS.filter((brand) => brand.online_codes);
	for (let i = 0; i < locks; i++)
		made.device({ brand: brands[i % brands.length], name: `Door ${String(i + 1).padStart(String(locks).length, "0")}`,
			place: `Building ${String.fromCharCode(65 + (i % 5))}`, online: !chance.hits(0.05), locked: chance.hits(0.9),
			battery: Math.round(chance.roll() * 100) / 100 });
	const doors = made.devices;
	for (let i = 0; doors.length && i < codes; i++) {
		const device = doors[i % doors.length];
		const kind = chance.roll();
		const starts = kind < 0.5 ? null : kind < 0.8 ? now - chance.between(1, 240) * HOUR : now + chance.between(2, 720) * HOUR;
		made.code(device, `Guest ${i + 1}`, starts,
			starts === null ? null : Math.max(starts, now) + chance.between(24, 480) * HOUR);
	}
	for (let i = 0; doors.length && i < unmanaged; i++)
		made.unmanaged(doors[i % doors.length], `Keypad user ${i + 1}`);
	const running = made.codes.filter((code) => code.status === "set");
	const byId = new Map(made.devices.map((device) => [device.device_id, device]));
	for (let i = 0; running.length && i < events; i++) {
		const code = chance.pick(running);
		made.unlocked(byId.get(code.device_id), code, now - Math.floor(((events - i) / events) * 30 * DAY));
	}
	return made.done();
}

// name, brand, room, battery, and what differs
const HOUSE = [
	["101 Garden", "yale_lock", "Garden", 0.82], ["102 Garden", "schlage_lock", "Garden", 0.64],
	["103 Garden", "august_lock", "Garden", 0.91], ["104 Garden", "tedee_lock", "Garden", 0.77],
	["105 Garden", "ttlock_lock", "Garden", 0.58], ["106 Garden", "kwikset_lock", "Garden", 0.71],
	["201 Sea", "august_lock", "Sea", null, { online: false }], ["202 Sea", "nuki_lock", "Sea", 0.66],
	["203 Sea", "yale_lock", "Sea", 0.88], ["204 Sea", "salto_lock", "Sea", 0.93],
	["205 Sea", "lockly_lock", "Sea", 0.47], ["206 Sea", "igloohome_lock", "Sea", 0.52],
	["301 Loft", "salto_lock", "Loft", 0.79], ["302 Loft", "nuki_lock", "Loft", 0.85],
	["305 Loft", "wyze_lock", "Loft", 0.13], ["306 Loft", "schlage_lock", "Loft", 0.61],
	["Front door", "two_n_intercom", "House", null], ["Gym", "ttlock_lock", "House", 1],
	["Laundry", "smartthings_lock", "House", 0.17], ["Garage", "nuki_lock", "House", 0.44, { locked: false }],
	["Staff door", "kwikset_lock", "House", 0.69], ["Pool gate", "dormakaba_oracode_door", "House", 0.74],
	["Bike shed", "igloohome_lock", "House", 0.36], ["Boat house", "tedee_lock", "House", 0.81],
];

// door, guest, arrival in days from today and its hour, nights
const GUESTS = [
	["101 Garden", "Anna Berg", -2, 15, 4], ["102 Garden", "Mueller, J.", -3, 15, 4], ["102 Garden", "Ito Kenji", 1, 15, 3],
	["103 Garden", "Rossi family", -1, 16, 5], ["104 Garden", "Nguyễn Thị Mai", -4, 15, 5], ["104 Garden", "Haddad, Leila", 1, 17, 2],
	["105 Garden", "O'Brien, Sinéad", -1, 15, 2], ["106 Garden", "Okafor, Chidi", -5, 15, 8], ["202 Sea", "Björk Jónsdóttir", -1, 14, 3],
	["203 Sea", "伊藤 花子", -2, 15, 3], ["203 Sea", "Silva, Marta", 2, 15, 7], ["204 Sea", "Kowalski, Ewa", -1, 15, 6],
	["205 Sea", "Lindqvist", -6, 15, 7], ["205 Sea", "van der Meer", 1, 15, 2], ["206 Sea", "Papadopoulos", 0, 15, 3],
	["301 Loft", "Harper & Quinn", -2, 15, 3], ["302 Loft", "ليلى حداد", -3, 15, 9], ["305 Loft", "Fernández", -1, 15, 2],
	["306 Loft", "Sato", 3, 15, 5], ["306 Loft", "Clarke", 12, 15, 3], ["101 Garden", "Petrov", 4, 15, 4],
];
const RESIDENTS = ["Priya N.", "Okonkwo", "Weber", "Tamm", "García L."];
const STAFF = [["Staff door", "Night desk"], ["Staff door", "Kitchen"], ["Staff door", "Marek (technician)"], ["Laundry", "Laundry team"],
	["Front door", "Post"], ["Boat house", "Harbour master"], ["Bike shed", "Janitor"]];

export function harbourHouse(chance, now) {
	const made = new Builder(chance, now);
	const door = new Map();
	for (const [name, type, room, battery, more] of HOUSE)
		door.set(name, made.device({ brand: brandOf(type), name, place: "Harbour House", room, battery, ...more }));
	const stay = (name, guest, day, hour, nights, more) => {
		const starts = civil(now, day, hour);
		const ends = civil(now, day + nights, 11);
		if (ends > now) return made.code(door.get(name), guest, starts, ends, more);
	};
	for (const guest of GUESTS) stay(...guest);
	const minute = 60_000;
	const soon = (minutes) => Math.ceil((now + minutes * minute) / (15 * minute)) * 15 * minute;
	made.code(door.get("104 Garden"), "Dupont, Camille", soon(45), soon(45) + 3 * DAY);
	made.code(door.get("305 Loft"), "Abebe, Selam", soon(110), soon(110) + 2 * DAY);
	made.code(door.get("Gym"), "Dupont, Camille", soon(45), soon(45) + 3 * DAY);
	const failed = { error_code: "failed_to_set_on_device", is_access_code_error: true, created_at: iso(now - 90 * minute),
		message: "The code could not be set on the device; it is tried again" };
	const dubois = made.code(door.get("201 Sea"), "Dubois", soon(120), soon(120) + 4 * DAY,
		{ errors: [failed], is_scheduled_on_device: false, is_backup_access_code_available: true,
			pending_mutations: [{ mutation_code: "creating", created_at: iso(now - 3 * HOUR), message: "The code is being set on the device" }] });
	for (const name of ["Gym", "Garage"])
		for (const who of RESIDENTS.slice(0, name === "Gym" ? 3 : 5)) made.code(door.get(name), who, null, null);
	for (const [name, who] of STAFF) made.code(door.get(name), who, null, null);
	for (const day of [0, 1, 2])
		for (const name of ["101 Garden", "105 Garden", "203 Sea", "302 Loft"]) {
			const until = civil(now, day, 13);
			if (until > now) made.code(door.get(name), "Housekeeping", civil(now, day, 9), until);
		}
	stay("Pool gate", "Rossi family", -1, 15, 5);
	made.unmanaged(door.get("Bike shed"), "Old owner", { code: "4711" });
	history(made, door, dubois);
	return made.done();
}

// The last day at the doors, most of it before the desk's shift.
function history(made, door, failing) {
	const { chance, now } = made;
	const inForce = made.codes.filter((code) => code.status === "set");
	const byId = new Map(made.devices.map((device) => [device.device_id, device]));
	for (let ago = 24 * HOUR; ago > 60_000; ago -= chance.between(4, 40) * 60_000) {
		const code = chance.pick(inForce);
		const at = now - ago;
		if (code.starts_at && Date.parse(code.starts_at) > at) continue;
		const device = byId.get(code.device_id);
		made.unlocked(device, code, at);
		if (chance.hits(0.3)) made.event("lock.locked", device, at + 30_000, { method: "automatic" });
	}
	const sea = door.get("201 Sea");
	made.event("device.disconnected", sea, now - 2 * HOUR, { error_code: "device_disconnected" });
	made.event("access_code.failed_to_set_on_device", sea, now - 90 * 60_000, { access_code_id: failing.access_code_id,
		access_code_errors: failing.errors, access_code_warnings: [], device_errors: sea.errors, device_warnings: [] });
	made.event("device.low_battery", door.get("Laundry"), now - 5 * HOUR, { battery_level: 0.17 });
	made.event("lock.access_denied", door.get("305 Loft"), now - 40 * 60_000,
		{ reason: { reason_code: "unknown_code", message: "The code is not known to the lock" } });
}

export function accounts(now) {
	return BRANDS.map((brand) => ({
		connected_account_id: `${brand.provider}_connected_account`, workspace_id: WORKSPACE, created_at: iso(now - 400 * DAY),
		user_identifier: { email: "desk@harbour.example" }, account_type: brand.provider, account_type_display_name: brand.brand,
		display_name: `${brand.brand} at Harbour House`, errors: [], warnings: [], custom_metadata: {},
		automatically_manage_new_devices: true, accepted_capabilities: ["lock"], provider: brand.provider,
	}));
}
