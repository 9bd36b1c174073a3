// routes - the parts of the API that the published fake lacks or answers wrongly.
//
// Each route is a function of (request, world) that gives the answer's object (or, in json, its text)
// or throws a Refusal.
// What is not here is answered by the vendor's server.

import { createHash, randomUUID } from "node:crypto";

import { brandOf, choosesPin, newPin, pinRefusal } from "./brands.mjs";
import { HOUR, newCode } from "./world.mjs";

export class Refusal extends Error {
	constructor(status, type, message, more = {}) {
		super(message);
		Object.assign(this, { status, type, more });
	}
}

// fields: { starts_at: "must be ..." }; a name of "" is a rule of the whole request.
function invalid(fields) {
	const validation_errors = { _errors: fields[""] ? [fields[""]] : [] };
	const messages = [];
	for (const [name, message] of Object.entries(fields)) {
		if (name !== "") validation_errors[name] = { _errors: [message] };
		messages.push(message === "Required" ? `${name} is required` : name ? `${message} for "${name}"` : message);
	}
	return new Refusal(400, "invalid_input", messages.length === 1 ? messages[0] : `${messages.length} Input Errors: ${messages.join(", ")}`,
		{ validation_errors });
}

const list = (value) => (value === undefined || value === null ? undefined : [value].flat().filter((v) => v !== ""));
const truth = (value) => value === true || value === "true";
const iso = (ms) => new Date(ms).toISOString();
const chance = { below: (n) => Math.floor(Math.random() * n) };

function required(params, ...names) {
	const missing = names.filter((name) => params[name] === undefined || params[name] === null || params[name] === "");
	if (missing.length) throw invalid(Object.fromEntries(missing.map((name) => [name, "Required"])));
}

function theDevice(world, device_id) {
	const device = world.device(device_id);
	if (!device) throw new Refusal(404, "device_not_found", "Device not found");
	return device;
}

function theCode(world, access_code_id, managed) {
	const code = world.code(access_code_id);
	if (!code) throw new Refusal(404, "access_code_not_found", "Access code not found");
	if (code.is_managed !== managed)
		throw new Refusal(404, "access_code_not_found", code.is_managed
			? "This access code is managed: use /access_codes" : "This access code is unmanaged: use /access_codes/unmanaged");
	return code;
}

// ---- pages ----

// The cursor names the last object of the page before, so a page stays right when objects go.
function page(params, rows, limit, key) {
	const rest = Object.fromEntries(Object.entries(params).filter(([name]) => name !== "page_cursor" && name !== "_strict").sort());
	const digest = createHash("sha256").update(JSON.stringify(rest)).digest("hex");
	const order = (a, b) => (a.created_at < b.created_at ? -1 : a.created_at > b.created_at ? 1 : a[key] < b[key] ? -1 : a[key] > b[key] ? 1 : 0);
	const sorted = [...rows].sort(order);
	let first = 0;
	if (params.page_cursor) {
		let cursor;
		try {
			cursor = JSON.parse(Buffer.from(params.page_cursor, "base64").toString());
		} catch {
			throw invalid({ page_cursor: "Invalid page cursor" });
		}
		if (cursor[0] !== digest) throw new Refusal(400, "mismatched_page_parameters", "Page cursor was made with other parameters");
		let high = sorted.length;
		while (first < high) {
			const middle = (first + high) >> 1;
			if (order(sorted[middle], cursor[1]) <= 0) first = middle + 1;
			else high = middle;
		}
	}
	const asked = params.limit === undefined ? limit : Number(params.limit);
	if (!Number.isInteger(asked) || asked < 1) throw invalid({ limit: "Expected an integer of at least 1" });
	const rowsHere = sorted.slice(first, first + asked);
	const last = rowsHere.at(-1);
	const more = first + asked < sorted.length;
	const next = more ? Buffer.from(JSON.stringify([digest, { created_at: last.created_at, [key]: last[key] }])).toString("base64") : null;
	return { rows: rowsHere, pagination: { has_next_page: more, next_page_cursor: next, next_page_url: null } };
}

// ---- access codes ----

function search(codes, words) {
	if (!words) return codes;
	const part = String(words).toLowerCase();
	return codes.filter((code) => [code.name, code.code, code.access_code_id].some((text) => text?.toLowerCase().includes(part)));
}

function selected(params, world, managed) {
	const ids = list(params.access_code_ids);
	let codes = ids ? ids.map((id) => world.code(id)).filter(Boolean) : null;
	if (params.device_id) {
		theDevice(world, params.device_id);
		codes = codes ? codes.filter((code) => code.device_id === params.device_id) : world.codesOf(params.device_id);
	}
	if (!codes) throw invalid({ "": managed ? "Either device_id or access_code_ids must be provided" : "device_id is required" });
	return search(codes.filter((code) => code.is_managed === managed), params.search);
}

function listCodes({ params }, world) {
	const codes = selected(params, world, true).filter((code) => !code.is_backup || code.pulled);
	const { rows, pagination } = page(params, codes, 55000, "access_code_id");
	return { json: `{"access_codes":[${rows.map((code) => world.text(code))}],"pagination":${JSON.stringify(pagination)},"ok":true}` };
}

function getCode({ params }, world, managed = true) {
	if (!params.access_code_id && !(params.device_id && params.code))
		throw invalid({ "": "Either access_code_id or device_id and code must be provided" });
	const id = params.access_code_id ?? world.codesOf(params.device_id).find((code) => code.code === params.code)?.access_code_id;
	return { access_code: world.shown(theCode(world, id, managed)) };
}

function takeTimes(params, now = Date.now()) {
	const wrong = {};
	const times = {};
	for (const name of ["starts_at", "ends_at"]) {
		if (params[name] === undefined || params[name] === null) continue;
		const ms = Date.parse(params[name]);
		if (Number.isNaN(ms)) wrong[name] = "Invalid date";
		else times[name] = ms;
	}
	if (Object.keys(wrong).length) throw invalid(wrong);
	if (times.ends_at !== undefined && times.ends_at <= now) throw invalid({ ends_at: "must be in the future" });
	if (times.ends_at <= times.starts_at) throw invalid({ ends_at: "must be after starts_at" });
	return times;
}

function takePin(device, pin) {
	if (typeof pin !== "string" || !/^\d{4,12}$/.test(pin)) throw invalid({ code: "must be 4 to 12 digits" });
	if (choosesPin(device)) throw invalid({ code: "this lock chooses its own codes" });
	const why = pinRefusal(device, pin);
	if (why) throw invalid({ code: why });
}

function refuseHolder(world, device, pin, name, but) {
	const holder = world.codesOf(device.device_id).find((code) => code.code === pin && code.access_code_id !== but && code.status !== "removing");
	if (holder)
		throw new Refusal(409, "duplicate_access_code", `Cannot set duplicate access code ${pin} named ${name}: "${holder.name}" has it`,
			{ data: { access_code_id: holder.access_code_id, name: holder.name, is_managed: holder.is_managed } });
}

const takenPins = (world, device) => new Set(world.codesOf(device.device_id).map((code) => code.code));

// Checks everything before anything is changed; the code is not yet in the world.
function declared(params, world, device) {
	const times = takeTimes(params);
	if ((times.starts_at === undefined) !== (times.ends_at === undefined))
		throw invalid({ "": "Both starts_at and ends_at must be provided if one is" });
	const timed = times.starts_at !== undefined;
	const offline = truth(params.is_offline_access_code) || truth(params.use_offline_access_code);
	const brand = brandOf(device.device_type);
	if (params.name !== undefined && params.name !== null && typeof params.name !== "string") throw invalid({ name: "Expected string" });
	if (truth(params.use_backup_access_code_pool) && !timed) throw invalid({ "": "Cannot use the backup pool for ongoing codes" });
	if (truth(params.is_one_time_use) && !offline) throw invalid({ is_one_time_use: "only for offline access codes" });
	if (offline && !brand.offline_codes) throw invalid({ is_offline_access_code: "not supported by this device" });
	if (offline && !timed) throw invalid({ "": "Offline access codes need starts_at and ends_at" });
	if (offline && params.code != null) throw invalid({ code: "offline access codes choose their own" });
	if (!offline && !brand.online_codes) throw invalid({ is_offline_access_code: "this device takes offline access codes only" });
	const late = device.properties.code_constraints?.some((k) => k.constraint_type === "start_date_in_future");
	if (timed && late && times.starts_at < Date.now() - 60_000) throw invalid({ starts_at: "must be in the future on this device" });

	const name = params.name ?? "New Access Code";
	let pin = params.code ?? null;
	if (pin !== null) takePin(device, pin);
	const group = params.common_code_key ?? null;
	if (pin === null && group !== null && !choosesPin(device))
		pin = world.db.getState().access_codes.find((code) => code.common_code_key === group)?.code ?? null;
	if (pin !== null) refuseHolder(world, device, pin, name);
	const later = pin === null && choosesPin(device) && !offline;
	if (pin === null) pin = newPin(device, takenPins(world, device), chance, Number(params.preferred_code_length));
	return newCode({
		access_code_id: randomUUID(), device_id: device.device_id, name, code: later ? null : pin, common_code_key: group,
		...(later ? { is_waiting_for_code_assignment: true, assigns: pin } : {}),
		...(timed ? { starts_at: iso(times.starts_at), ends_at: iso(times.ends_at) } : {}),
		prefers_just_in_time: params.prefer_native_scheduling === false || params.prefer_native_scheduling === "false",
		is_external_modification_allowed: truth(params.is_external_modification_allowed) || truth(params.allow_external_modification),
		is_offline_access_code: offline, is_one_time_use: truth(params.is_one_time_use),
		is_backup_access_code_available: truth(params.use_backup_access_code_pool) && brand.backup_pool,
	});
}

// Ongoing or due codes are being set from now on; the others wait for their time.
function begun(world, code) {
	const now = Date.now();
	const due = code.type === "ongoing" || Date.parse(code.starts_at) <= now;
	if (code.is_offline_access_code) return { ...code, status: due ? "set" : "unset" };
	return { ...code, status: due ? "setting" : "unset",
		pending_mutations: [{ mutation_code: "creating", created_at: iso(now), message: "The code is being set on the device" }] };
}

function attempt(world, action_type, more = {}) {
	const made = world.db.addActionAttempt({ action_type, status: "success" });
	const { action_attempt_id } = made;
	world.db.updateActionAttempt({ action_attempt_id, result: {}, error: null, ...more });
	world.changed();
	return { action_attempt_id, action_type, status: "success", result: {}, error: null, ...more };
}

function createCode({ params }, world) {
	required(params, "device_id");
	const code = begun(world, declared(params, world, theDevice(world, params.device_id)));
	world.putCodes([code]);
	world.codeEvent("access_code.created", code);
	const access_code = world.shown(code);
	return { access_code, action_attempt: attempt(world, "CREATE_ACCESS_CODE", { result: { access_code } }) };
}

function createMultiple({ params }, world) {
	required(params, "device_ids");
	const devices = list(params.device_ids).map((id) => theDevice(world, id));
	const key = params.code == null ? `auto_set_by_create_multiple_${randomUUID()}` : null;
	const sharing = devices.filter((device) => !choosesPin(device));
	if (sharing.length < devices.length && params.behavior_when_code_cannot_be_shared !== "create_random_code")
		throw new Refusal(400, "invalid_input", "The devices cannot share a code");
	let pin = params.code ?? null;
	for (let tries = 0; pin === null && sharing.length && tries < 10000; tries++) {
		const guess = newPin(sharing[0], takenPins(world, sharing[0]), chance);
		if (sharing.every((d) => pinRefusal(d, guess) === null && !takenPins(world, d).has(guess))) pin = guess;
	}
	const codes = devices.map((device) => begun(world, declared({ ...params, common_code_key: undefined,
		code: choosesPin(device) ? undefined : pin }, world, device))).map((code) => ({ ...code, common_code_key: key }));
	world.putCodes(codes);
	for (const code of codes) world.codeEvent("access_code.created", code);
	return { access_codes: codes.map((code) => world.shown(code)) };
}

function updateOne(world, code, params) {
	const device = theDevice(world, code.device_id);
	if (code.is_offline_access_code) throw new Refusal(400, "invalid_input", "Offline access codes cannot be changed");
	const change = {};
	const mutations = [];
	const mutates = (mutation_code, from, to) => mutations.push({ mutation_code, from, to, created_at: iso(Date.now()),
		message: "The change is being sent to the device" });
	if (params.code != null && params.code !== code.code) {
		takePin(device, params.code);
		refuseHolder(world, device, params.code, params.name ?? code.name, code.access_code_id);
		change.code = params.code;
		mutates("updating_code", { code: code.code }, { code: params.code });
	}
	if (params.name != null && params.name !== code.name) {
		change.name = params.name;
		mutates("updating_name", { name: code.name }, { name: params.name });
	}
	const times = takeTimes({ starts_at: params.starts_at ?? code.starts_at, ends_at: params.ends_at ?? code.ends_at });
	if (params.type === "ongoing") {
		if (params.starts_at != null || params.ends_at != null) throw invalid({ type: "ongoing codes have no times" });
		Object.assign(change, { type: "ongoing", starts_at: null, ends_at: null });
	} else if (params.starts_at != null || params.ends_at != null) {
		if (times.starts_at === undefined || times.ends_at === undefined)
			throw invalid({ "": "Both starts_at and ends_at must be provided if one is" });
		Object.assign(change, { type: "time_bound", starts_at: iso(times.starts_at), ends_at: iso(times.ends_at) });
	} else if (params.type === "time_bound" && code.type === "ongoing") {
		throw invalid({ "": "A time-bound code needs starts_at and ends_at" });
	}
	const frame = (it) => ({ starts_at: it.starts_at ?? null, ends_at: it.ends_at ?? null });
	if (change.type && JSON.stringify(frame(change)) !== JSON.stringify(frame(code))) {
		mutates("updating_time_frame", frame(code), frame(change));
		const due = change.type === "ongoing" || times.starts_at <= Date.now();
		Object.assign(change, { is_scheduled_on_device: change.type === "ongoing" ? null : false, status: due ? "setting" : "unset" });
	}
	for (const name of ["is_external_modification_allowed", "allow_external_modification"])
		if (params[name] !== undefined) change.is_external_modification_allowed = truth(params[name]);
	if (params.is_managed === false || params.is_managed === "false") change.is_managed = false;
	if (mutations.length) change.pending_mutations = [...code.pending_mutations.filter((m) => m.mutation_code === "creating"), ...mutations];
	if (Object.keys(change).length === 0) return;
	const edited = world.editCode(code.access_code_id, change);
	world.plan(edited);
	world.codeEvent("access_code.changed", edited, { change_reason: "requested",
		changed_properties: ["name", "code", "starts_at", "ends_at", "type"].filter((p) => p in change && change[p] !== code[p])
			.map((property) => ({ property, from: code[property] ?? null, to: change[property] })) });
}

function updateCode({ params }, world) {
	required(params, "access_code_id");
	updateOne(world, theCode(world, params.access_code_id, true), params);
	return { action_attempt: attempt(world, "UPDATE_ACCESS_CODE") };
}

function updateMultiple({ params }, world) {
	required(params, "common_code_key");
	const codes = world.db.getState().access_codes.filter((code) => code.common_code_key === params.common_code_key);
	if (codes.length === 0) throw new Refusal(404, "access_code_not_found", "No access code has this common_code_key");
	const { name, starts_at, ends_at } = params;
	for (const code of codes) updateOne(world, code, { name, starts_at, ends_at });
	return {};
}

function deleteCode({ params }, world) {
	required(params, "access_code_id");
	const code = theCode(world, params.access_code_id, true);
	if (code.is_offline_access_code) throw new Refusal(400, "invalid_input", "Offline access codes cannot be deleted");
	const onLock = code.status === "set" || code.is_scheduled_on_device;
	if (onLock && world.settle_ms > 0) {
		world.plan(world.editCode(code.access_code_id, { status: "removing",
			pending_mutations: [{ mutation_code: "deleting", created_at: iso(Date.now()), message: "The code is being removed" }] }));
	} else {
		world.editCode(code.access_code_id, null);
		if (onLock) world.codeEvent("access_code.removed_from_device", code);
		world.codeEvent("access_code.deleted", code, { code: code.code });
	}
	return { action_attempt: attempt(world, "DELETE_ACCESS_CODE") };
}

function pullBackup({ params }, world) {
	required(params, "access_code_id");
	const code = theCode(world, params.access_code_id, true);
	const device = theDevice(world, code.device_id);
	if (code.type !== "time_bound") throw new Refusal(400, "access_code_not_time_bound", "Only a time-bound code has backup codes");
	if (!brandOf(device.device_type).backup_pool || code.is_offline_access_code)
		throw new Refusal(400, "device_type_not_supported", "This device has no backup code pool");
	let backup = code.pulled_backup_access_code_id && world.code(code.pulled_backup_access_code_id);
	if (!backup) {
		backup = newCode({ device_id: device.device_id, name: `Backup of ${code.name}`, is_backup: true, pulled: true, status: "set",
			code: newPin(device, takenPins(world, device), chance), starts_at: code.starts_at, ends_at: code.ends_at, is_scheduled_on_device: true });
		world.putCodes([backup]);
		const warning = { warning_code: "using_backup_access_code", created_at: iso(Date.now()), message: "A backup code stands in for this code" };
		world.editCode(code.access_code_id, { pulled_backup_access_code_id: backup.access_code_id, warnings: [...code.warnings, warning],
			is_backup_access_code_available: false });
		world.codeEvent("access_code.backup_access_code_pulled", code, { backup_access_code_id: backup.access_code_id });
	}
	return { access_code: world.shown(backup), backup_access_code: world.shown(backup) };
}

function generateCode({ params }, world) {
	required(params, "device_id");
	const device = theDevice(world, params.device_id);
	return { generated_code: { device_id: device.device_id, code: newPin(device, takenPins(world, device), chance) } };
}

function reportConstraints({ params }, world) {
	required(params, "device_id");
	const device = theDevice(world, params.device_id);
	const { min_code_length: low, max_code_length: high } = params;
	const lengths = params.supported_code_lengths ?? Array.from({ length: high - low + 1 }, (_, i) => low + i);
	world.editDevice(device.device_id, { properties: { supported_code_lengths: lengths } });
	return {};
}

// ---- unmanaged codes ----

function listUnmanaged({ params }, world) {
	required(params, "device_id");
	const { rows, pagination } = page(params, selected(params, world, false), 300000, "access_code_id");
	return { access_codes: rows, pagination };
}

function adopt({ params }, world) {
	required(params, "access_code_id");
	const code = theCode(world, params.access_code_id, false);
	const device = theDevice(world, code.device_id);
	if (code.cannot_be_managed || ["kwikset_lock", "igloohome_lock", "smartthings_lock"].includes(device.device_type))
		throw new Refusal(400, "invalid_input", "This access code cannot be managed");
	const { access_code_id, name, code: pin, created_at, device_id } = code;
	const managed = newCode({ access_code_id, name, code: pin, created_at, device_id, status: "set",
		is_external_modification_allowed: truth(params.is_external_modification_allowed) });
	world.editCode(access_code_id, managed);
	world.codeEvent("access_code.unmanaged.converted_to_managed", managed);
	return {};
}

function deleteUnmanaged({ params }, world) {
	required(params, "access_code_id");
	const code = theCode(world, params.access_code_id, false);
	if (code.cannot_delete_unmanaged_access_code) throw new Refusal(400, "invalid_input", "This access code can only be deleted in the maker's app");
	world.editCode(code.access_code_id, null);
	world.codeEvent("access_code.unmanaged.removed", code);
	return { action_attempt: attempt(world, "DELETE_ACCESS_CODE") };
}

function simulateUnmanaged({ params }, world) {
	required(params, "device_id", "name", "code");
	const device = theDevice(world, params.device_id);
	if (!/^\d{4,8}$/.test(params.code)) throw invalid({ code: "must be 4 to 8 digits" });
	refuseHolder(world, device, params.code, params.name);
	const { access_code_id, workspace_id, created_at } = newCode({});
	const code = { access_code_id, workspace_id, device_id: device.device_id, is_managed: false, type: "ongoing", status: "set",
		name: params.name, code: params.code, created_at, errors: [], warnings: [] };
	world.putCodes([code]);
	world.codeEvent("access_code.unmanaged.created", code);
	return { access_code: world.shown(code) };
}

// ---- locks and events ----

function pickDevices(params, devices) {
	const wanted = (names, value) => names.every((name) => !list(params[name]) || list(params[name]).includes(value));
	return devices.filter((device) => device.is_managed && wanted(["device_ids"], device.device_id)
		&& wanted(["device_type", "device_types"], device.device_type)
		&& wanted(["connected_account_id", "connected_account_ids"], device.connected_account_id)
		&& wanted(["manufacturer"], device.properties.manufacturer)
		&& (!params.search || device.display_name.toLowerCase().includes(String(params.search).toLowerCase())));
}

function listDevices({ params }, world) {
	const { rows, pagination } = page(params, pickDevices(params, world.devices), 500, "device_id");
	return { devices: rows, pagination };
}

function listLocks({ params }, world) {
	const locks = pickDevices(params, world.devices.filter((device) => device.can_unlock_with_code));
	return { locks, devices: locks };
}

function getDevice({ params }, world, key = "device") {
	if (!params.device_id && !params.name) throw invalid({ "": "Either device_id or name must be provided" });
	const device = params.device_id ? world.device(params.device_id) : world.devices.find((d) => d.properties.name === params.name);
	if (!device) throw new Refusal(404, "device_not_found", "Device not found");
	return key === "lock" ? { lock: device, device } : { device };
}

function updateDevice({ params }, world) {
	required(params, "device_id");
	const device = theDevice(world, params.device_id);
	const name = params.name ?? params.properties?.name;
	if (name) {
		world.editDevice(device.device_id, { nickname: name, display_name: name, properties: { name } });
		world.event("device.name_changed", { device_id: device.device_id, device_name: name });
	}
	return {};
}

function door(locked, { params }, world) {
	required(params, "device_id");
	const device = theDevice(world, params.device_id);
	if (locked && !device.can_remotely_lock) throw new Refusal(400, "device_type_not_supported", "This device cannot be locked remotely");
	const action_type = locked ? "LOCK_DOOR" : "UNLOCK_DOOR";
	const { action_attempt_id } = world.db.addActionAttempt({ action_type, status: "pending", device_id: device.device_id });
	const finish = () => {
		const online = world.device(device.device_id).properties.online;
		const outcome = online ? { status: "success", result: { was_confirmed_by_device: true }, error: null }
			: { status: "error", result: null, error: { type: "device_disconnected", message: "The device cannot be reached" } };
		world.db.updateActionAttempt({ action_attempt_id, ...outcome });
		if (online) world.setLocked(device, locked, { method: "remote", action_attempt_id });
		world.event(`action_attempt.${action_type.toLowerCase()}.${online ? "succeeded" : "failed"}`,
			{ device_id: device.device_id, action_attempt_id, action_type, status: outcome.status });
		return { action_attempt_id, action_type, ...outcome };
	};
	if (truth(params.sync) || world.action_ms === 0) return { action_attempt: finish() };
	world.changed();
	setTimeout(finish, world.action_ms);
	return { action_attempt: { action_attempt_id, action_type, status: "pending", result: null, error: null } };
}

const EVENT_FILTERS = [["event_id", ["event_ids"]], ["event_type", ["event_type", "event_types"]], ["device_id", ["device_id", "device_ids"]],
	["access_code_id", ["access_code_id", "access_code_ids"]], ["connected_account_id", ["connected_account_id"]]];

function listEvents({ params }, world, oldestFirst) {
	const between = list(params.between);
	if ((params.since === undefined) === (between === undefined)) throw invalid({ "": "Exactly one of since or between must be provided" });
	const [after, before] = (between ?? [params.since]).map((text) => Date.parse(text));
	if (Number.isNaN(after) || (between && (between.length !== 2 || Number.isNaN(before))))
		throw invalid({ [between ? "between" : "since"]: "Invalid date" });
	const filters = EVENT_FILTERS.flatMap(([field, names]) => names.filter((name) => list(params[name]))
		.map((name) => [field, new Set(list(params[name]))]));
	const limit = params.limit === undefined ? 500 : Number(params.limit);
	if (!Number.isInteger(limit) || limit < 1) throw invalid({ limit: "Expected an integer of at least 1" });
	const skip = Number(params.unstable_offset ?? 0);
	const low = iso(after);
	const high = between ? iso(before) : "9";
	const { events } = world;
	const found = [];
	for (let i = events.length - 1; i >= 0 && events[i].created_at > low && found.length < skip + limit; i--)
		if (events[i].created_at < high && filters.every(([field, wanted]) => wanted.has(events[i][field]))) found.push(events[i]);
	const cut = found.slice(skip);
	return { events: oldestFirst ? cut.reverse() : cut };
}

function getEvent({ params }, world) {
	if (!params.event_id && !params.event_type) throw invalid({ "": "event_id or event_type must be provided" });
	const event = world.events.findLast((e) => (params.event_id ? e.event_id === params.event_id
		: e.event_type === params.event_type && (!params.device_id || e.device_id === params.device_id)));
	if (!event) throw new Refusal(404, "event_not_found", "Event not found");
	return { event };
}

const READ = ["GET", "POST"];
const CHANGE = ["POST", "PATCH"];
const REMOVE = ["POST", "DELETE"];

// path: methods, function, and whether it may change the world
export function routes({ events_oldest_first = false } = {}) {
	const R = (methods, run, writes = methods !== READ) => ({ methods, run, writes });
	return new Map(Object.entries({
		"/access_codes/list": R(READ, listCodes),
		"/access_codes/get": R(READ, getCode),
		"/access_codes/create": R(["POST"], createCode),
		"/access_codes/create_multiple": R(["POST", "PUT"], createMultiple),
		"/access_codes/update": R([...CHANGE, "PUT"], updateCode),
		"/access_codes/update_multiple": R(CHANGE, updateMultiple),
		"/access_codes/delete": R(REMOVE, deleteCode),
		"/access_codes/generate_code": R(READ, generateCode),
		"/access_codes/pull_backup_access_code": R(["POST"], pullBackup),
		"/access_codes/report_device_constraints": R(["POST"], reportConstraints),
		"/access_codes/unmanaged/list": R(READ, listUnmanaged),
		"/access_codes/unmanaged/get": R(READ, (request, world) => getCode(request, world, false)),
		"/access_codes/unmanaged/update": R(CHANGE, adopt),
		"/access_codes/unmanaged/convert_to_managed": R(CHANGE, adopt),
		"/access_codes/unmanaged/delete": R(REMOVE, deleteUnmanaged),
		"/access_codes/simulate/create_unmanaged_access_code": R(["POST"], simulateUnmanaged),
		"/devices/list": R(READ, listDevices),
		"/devices/get": R(READ, getDevice),
		"/devices/update": R(CHANGE, updateDevice),
		"/locks/list": R(READ, listLocks),
		"/locks/get": R(READ, (request, world) => getDevice(request, world, "lock")),
		"/locks/lock_door": R(["POST"], door.bind(null, true)),
		"/locks/unlock_door": R(["POST"], door.bind(null, false)),
		"/events/list": R(READ, (request, world) => listEvents(request, world, events_oldest_first)),
		"/events/get": R(READ, getEvent),
	}));
}
