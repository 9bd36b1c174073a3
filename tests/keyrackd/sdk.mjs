// The vendor's own client and webhook verifier drive keyrackd through everything that they have for
// the endpoints it serves.

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { describe, before, after, test } from "node:test";

import { DAY, HOUR, House, MINUTE, SECOND, at, peer } from "./lib.mjs";

const seam = await peer("@seamapi/http");
const { SeamWebhook } = await peer("@seamapi/webhook");
const NOBODY = "00000000-0000-4000-8000-000000000000";

const connect = (house, key = house.key, options = {}) =>
	new seam.SeamHttp({ apiKey: key, endpoint: house.url, ...options });

// The refusal that a call must end in, as the client's own kind of error.
async function refusal(call) {
	try {
		await call;
	} catch (error) {
		return error;
	}
	return assert.fail("it was not refused");
}

const LOCKS = {
	Front: { type: "august_lock" },
	Back: { type: "august_lock", room: "Yard" },
	Annex: { type: "smartthings_lock" },
	Gate: { type: "igloohome_lock" },
	Cellar: { type: "salto_lock" },
};

describe("the official client on a clock that stands still", () => {
	let house, client, front, back, annex, gate, cellar;
	before(async () => {
		house = await House.open({ locks: LOCKS });
		await house.advance(MINUTE);
		client = connect(house);
		[front, back, annex, gate, cellar] = await Promise.all(Object.keys(LOCKS).map((name) => house.device(name)));
	});
	after(() => house?.close());

	test("workspaces", async () => {
		const workspace = await client.workspaces.get();
		assert.equal(workspace.name, "Test House");
		assert.equal(workspace.is_sandbox, true);
		assert.deepEqual((await client.workspaces.list()).map((one) => one.workspace_id), [workspace.workspace_id]);
		assert.equal(front.workspace_id, workspace.workspace_id);
	});

	test("devices: get, list, page by page, update, unmanaged and back", async () => {
		assert.equal((await client.devices.get({ device_id: front.device_id })).device_id, front.device_id);
		assert.equal((await client.devices.get({ name: "Front" })).device_id, front.device_id);
		assert.equal((await client.devices.list()).length, 5);
		assert.deepEqual((await client.devices.list({ device_ids: [front.device_id, gate.device_id] })).map((one) => one.device_id).sort(),
			[front.device_id, gate.device_id].sort());
		assert.deepEqual(await client.devices.list({ device_ids: [] }), []);
		assert.equal((await client.devices.list({ device_types: ["august_lock", "salto_lock"] })).length, 3);

		const all = await client.createPaginator(client.devices.list({ limit: 2 })).flattenToArray();
		assert.equal(new Set(all.map((one) => one.device_id)).size, 5);

		await client.devices.update({ device_id: back.device_id, name: "Yard door", custom_metadata: { floor: "0", lit: true } });
		const named = await client.devices.get({ device_id: back.device_id });
		assert.equal(named.nickname, "Yard door");
		assert.equal(named.display_name, "Yard door");
		assert.deepEqual(named.custom_metadata, { floor: "0", lit: true });

		await client.devices.update({ device_id: back.device_id, is_managed: false });
		assert.deepEqual((await client.devices.unmanaged.list()).map((one) => one.device_id), [back.device_id]);
		assert.equal((await client.devices.unmanaged.get({ device_id: back.device_id })).is_managed, false);
		assert.equal((await refusal(client.devices.get({ device_id: back.device_id }))).statusCode, 404);
		await client.devices.unmanaged.update({ device_id: back.device_id, is_managed: true });
		assert.equal((await client.devices.get({ device_id: back.device_id })).is_managed, true);

		const providers = await client.devices.listDeviceProviders();
		assert.ok(providers.some((one) => one.device_provider_name === "august"));
		await client.devices.reportProviderMetadata({ devices: [{ device_id: front.device_id, schlage_metadata: { time_zone: "Europe/Berlin" } }] })
			.catch((error) => assert.equal(error.statusCode, 400, "only for the makers that do not tell their zone"));
	});

	test("connected accounts", async () => {
		const accounts = await client.connectedAccounts.list();
		assert.ok(accounts.some((one) => one.connected_account_id === front.connected_account_id));
		const id = front.connected_account_id;
		assert.deepEqual((await client.connectedAccounts.get({ connected_account_id: id })).errors, []);
		await client.connectedAccounts.update({ connected_account_id: id, custom_metadata: { owner: "Ms Ito" } });
		assert.deepEqual((await client.connectedAccounts.get({ connected_account_id: id })).custom_metadata, { owner: "Ms Ito" });
		await client.connectedAccounts.sync({ connected_account_id: id });
		assert.equal((await refusal(client.connectedAccounts.get({ connected_account_id: NOBODY }))).code, "connected_account_not_found");
	});

	test("an ongoing code from create to removal", async () => {
		const made = await client.accessCodes.create({ device_id: front.device_id, name: "Anna Smith", code: "4711" });
		assert.equal(made.type, "ongoing");
		assert.equal(made.code, "4711");
		assert.ok(["unset", "setting"].includes(made.status), made.status);
		await house.advance(MINUTE);
		const set = await client.accessCodes.get({ access_code_id: made.access_code_id });
		assert.equal(set.status, "set");
		assert.deepEqual(set.pending_mutations, []);
		assert.deepEqual(set.appearance, { name: "Anna Smith", first_name: "Anna", last_name: "Smith" });
		assert.equal((await client.accessCodes.get({ device_id: front.device_id, code: "4711" })).access_code_id, made.access_code_id);
		assert.ok(await house.opens(front.device_id, "4711"));

		await client.accessCodes.update({ access_code_id: made.access_code_id, name: "Anna S.", code: "4712" });
		const changed = await client.accessCodes.get({ access_code_id: made.access_code_id });
		assert.equal(changed.name, "Anna S.");
		assert.ok(changed.pending_mutations.length > 0);
		await house.advance(MINUTE);
		assert.deepEqual([await house.opens(front.device_id, "4711"), await house.opens(front.device_id, "4712")], [false, true]);

		await client.accessCodes.delete({ access_code_id: made.access_code_id });
		await house.advance(MINUTE);
		const gone = await refusal(client.accessCodes.get({ access_code_id: made.access_code_id }));
		assert.ok(gone instanceof seam.SeamHttpApiError);
		assert.deepEqual([gone.statusCode, gone.code], [404, "access_code_not_found"]);
		assert.ok(gone.requestId);
		assert.equal(await house.opens(front.device_id, "4712"), false);
		const life = await house.life(made.access_code_id);
		assert.equal(life[0], "created");
		for (const type of ["set_on_device", "deleted", "removed_from_device"]) assert.ok(life.includes(type), `${type} in ${life}`);
	});

	test("time-bound and ongoing, each into the other", async () => {
		const made = await client.accessCodes.create({ device_id: front.device_id, name: "Bo", starts_at: at(5 * DAY), ends_at: at(6 * DAY) });
		assert.deepEqual([made.type, made.status, made.is_scheduled_on_device], ["time_bound", "unset", false]);
		assert.deepEqual([made.starts_at, made.ends_at], [at(5 * DAY), at(6 * DAY)]);
		await client.accessCodes.update({ access_code_id: made.access_code_id, type: "ongoing" });
		const ongoing = await client.accessCodes.get({ access_code_id: made.access_code_id });
		assert.equal(ongoing.type, "ongoing");
		assert.equal(ongoing.starts_at ?? null, null);
		await client.accessCodes.update({ access_code_id: made.access_code_id, starts_at: at(7 * DAY), ends_at: at(8 * DAY) });
		assert.equal((await client.accessCodes.get({ access_code_id: made.access_code_id })).type, "time_bound");
		await client.accessCodes.update({ access_code_id: made.access_code_id, name: "Bo Li" });
		const renamed = await client.accessCodes.get({ access_code_id: made.access_code_id });
		assert.deepEqual([renamed.type, renamed.starts_at, renamed.name], ["time_bound", at(7 * DAY), "Bo Li"]);
	});

	test("the same PIN on several doors, and their window moved by the common key", async () => {
		const codes = await client.accessCodes.createMultiple({ device_ids: [front.device_id, annex.device_id], name: "Cleaners" });
		assert.equal(codes.length, 2);
		assert.equal(codes[0].code, codes[1].code);
		assert.ok(codes[0].common_code_key);
		assert.equal(codes[0].common_code_key, codes[1].common_code_key);
		await client.accessCodes.updateMultiple({ common_code_key: codes[0].common_code_key, name: "Cleaning", starts_at: at(DAY), ends_at: at(2 * DAY) });
		const list = await client.accessCodes.list({ access_code_ids: codes.map((code) => code.access_code_id) });
		assert.deepEqual(list.map((code) => [code.name, code.type]), [["Cleaning", "time_bound"], ["Cleaning", "time_bound"]]);
		const own = await client.accessCodes.createMultiple({ device_ids: [front.device_id, annex.device_id], code: "8642" });
		assert.deepEqual(own.map((code) => [code.code, code.common_code_key]), [["8642", null], ["8642", null]]);
		const unfit = await refusal(client.accessCodes.createMultiple({ device_ids: [front.device_id, cellar.device_id] }));
		assert.equal(unfit.statusCode, 400);
		const two = await client.accessCodes.createMultiple({ device_ids: [front.device_id, cellar.device_id],
			behavior_when_code_cannot_be_shared: "create_random_code" });
		assert.equal(two.length, 2);
	});

	test("lists, search and pages of codes", async () => {
		for (let i = 0; i < 7; i++) await client.accessCodes.create({ device_id: gate.device_id, name: `Paged ${i}` });
		const all = await client.createPaginator(client.accessCodes.list({ device_id: gate.device_id, limit: 3 })).flattenToArray();
		assert.deepEqual(all.map((code) => code.name).sort(), [0, 1, 2, 3, 4, 5, 6].map((i) => `Paged ${i}`));
		const found = await client.accessCodes.list({ device_id: gate.device_id, search: "aged 3" });
		assert.deepEqual(found.map((code) => code.name), ["Paged 3"]);
		const [page, pagination] = await client.createPaginator(client.accessCodes.list({ device_id: gate.device_id, limit: 3 })).firstPage();
		assert.equal(page.length, 3);
		const wrong = await refusal(client.accessCodes.list({ device_id: front.device_id, limit: 3, page_cursor: pagination.nextPageCursor }));
		assert.equal(wrong.code, "mismatched_page_parameters");
	});

	test("codes that the lock's maker has: generate, backup pool, offline, reported lengths", async () => {
		const { code } = await client.accessCodes.generateCode({ device_id: front.device_id });
		assert.match(code, /^\d{4,8}$/);
		const guest = await client.accessCodes.create({ device_id: back.device_id, name: "Cho", starts_at: at(HOUR), ends_at: at(2 * DAY),
			use_backup_access_code_pool: true });
		await house.advance(5 * MINUTE);
		assert.equal((await client.accessCodes.get({ access_code_id: guest.access_code_id })).is_backup_access_code_available, true);
		await client.accessCodes.pullBackupAccessCode({ access_code_id: guest.access_code_id });
		const pulled = await client.accessCodes.get({ access_code_id: guest.access_code_id });
		assert.ok(pulled.pulled_backup_access_code_id);
		assert.ok(pulled.warnings.some((warning) => warning.warning_code === "using_backup_access_code"));
		await client.accessCodes.pullBackupAccessCode({ access_code_id: guest.access_code_id });
		assert.equal((await client.accessCodes.get({ access_code_id: guest.access_code_id })).pulled_backup_access_code_id,
			pulled.pulled_backup_access_code_id);
		const backup = await client.accessCodes.get({ access_code_id: pulled.pulled_backup_access_code_id });
		assert.deepEqual([backup.is_backup, backup.status, backup.ends_at], [true, "set", at(2 * DAY)]);
		assert.ok(await house.opens(back.device_id, backup.code));

		const offline = await client.accessCodes.create({ device_id: gate.device_id, name: "Dee", is_offline_access_code: true,
			starts_at: at(2 * HOUR), ends_at: at(5 * HOUR) });
		assert.equal(offline.is_offline_access_code, true);
		assert.equal((await refusal(client.accessCodes.delete({ access_code_id: offline.access_code_id }))).statusCode, 400);

		await client.accessCodes.reportDeviceConstraints({ device_id: annex.device_id, supported_code_lengths: [5] });
		assert.deepEqual((await client.devices.get({ device_id: annex.device_id })).properties.supported_code_lengths, [5]);
		assert.equal((await client.accessCodes.create({ device_id: annex.device_id, name: "Five" })).code.length, 5);
	});

	test("unmanaged codes: made, found, adopted, deleted", async () => {
		const made = await client.accessCodes.simulate.createUnmanagedAccessCode({ device_id: front.device_id, name: "Old tenant", code: "9753" });
		assert.equal(made.is_managed, false);
		await client.accessCodes.simulate.createUnmanagedAccessCode({ device_id: front.device_id, name: "Plumber", code: "9754" });
		await house.advance(MINUTE);
		const list = await client.accessCodes.unmanaged.list({ device_id: front.device_id });
		assert.deepEqual(list.map((code) => code.name).sort(), ["Old tenant", "Plumber"]);
		const [tenant, plumber] = ["Old tenant", "Plumber"].map((name) => list.find((code) => code.name === name));
		assert.equal((await client.accessCodes.unmanaged.get({ access_code_id: tenant.access_code_id })).code, "9753");
		const wrong = await refusal(client.accessCodes.get({ access_code_id: tenant.access_code_id }));
		assert.deepEqual([wrong.statusCode, wrong.code], [404, "access_code_not_found"]);
		assert.match(wrong.message, /unmanaged/i);
		await client.accessCodes.unmanaged.convertToManaged({ access_code_id: tenant.access_code_id });
		await house.advance(MINUTE);
		assert.equal((await client.accessCodes.get({ access_code_id: tenant.access_code_id })).is_managed, true);
		await client.accessCodes.unmanaged.delete({ access_code_id: plumber.access_code_id });
		await house.advance(MINUTE);
		assert.equal((await refusal(client.accessCodes.unmanaged.get({ access_code_id: plumber.access_code_id }))).statusCode, 404);
		assert.equal(await house.opens(front.device_id, "9754"), false);
	});

	test("events", async () => {
		const made = await client.accessCodes.create({ device_id: front.device_id, name: "Eve" });
		const events = await client.events.list({ since: at(0), access_code_id: made.access_code_id });
		assert.ok(events.some((event) => event.event_type === "access_code.created"));
		assert.ok(events.every((event) => event.access_code_id === made.access_code_id));
		const one = await client.events.get({ event_id: events[0].event_id });
		assert.deepEqual(one, events[0]);
		assert.deepEqual(await client.events.list({ between: [at(-2 * DAY), at(-DAY)] }), []);
		const some = await client.events.list({ since: at(-DAY), event_types: ["access_code.created", "access_code.deleted"], limit: 3 });
		assert.equal(some.length, 3);
		assert.equal((await refusal(client.events.get({ event_id: NOBODY }))).code, "event_not_found");
	});

	test("the simulated world: disconnected, connected, gone from its account", async () => {
		await client.devices.simulate.disconnect({ device_id: cellar.device_id });
		await house.advance(MINUTE);
		const away = await client.devices.get({ device_id: cellar.device_id });
		assert.equal(away.properties.online, false);
		assert.deepEqual(away.errors.map((error) => error.error_code), ["device_disconnected"]);
		assert.ok(!("locked" in away.properties));
		await client.devices.simulate.connect({ device_id: cellar.device_id });
		await house.advance(MINUTE);
		assert.equal((await client.devices.get({ device_id: cellar.device_id })).properties.online, true);
		await client.devices.simulate.remove({ device_id: cellar.device_id });
		await house.advance(MINUTE);
		assert.ok((await client.devices.get({ device_id: cellar.device_id })).errors.some((error) => error.error_code === "device_removed"));
		await client.connectedAccounts.simulate.disconnect({ connected_account_id: gate.connected_account_id });
		await house.advance(MINUTE);
		const lost = await client.accessCodes.list({ device_id: gate.device_id });
		assert.ok(lost.filter((code) => !code.is_offline_access_code).every((code) => code.status === "unknown"));
		assert.ok((await client.connectedAccounts.get({ connected_account_id: gate.connected_account_id })).errors
			.some((error) => error.error_code === "account_disconnected"));
	});

	// The client's own kinds of error: what was sent, status, code, and the parameter it names.
	const refusals = [
		["a device that is not there", () => client.accessCodes.create({ device_id: NOBODY }), 404, "device_not_found"],
		["a code that is not there", () => client.accessCodes.update({ access_code_id: NOBODY, name: "x" }), 404, "access_code_not_found"],
		["a PIN with a letter", () => client.accessCodes.create({ device_id: front.device_id, code: "12a4" }), 400, "invalid_input", "code"],
		["a PIN too short", () => client.accessCodes.create({ device_id: front.device_id, code: "123" }), 400, "invalid_input", "code"],
		["a PIN too long", () => client.accessCodes.create({ device_id: front.device_id, code: "1234567890123" }), 400, "invalid_input", "code"],
		["one bound only", () => client.accessCodes.create({ device_id: front.device_id, starts_at: at(HOUR) }), 400, "invalid_input", "ends_at"],
		["an end before the start", () => client.accessCodes.create({ device_id: front.device_id, starts_at: at(2 * DAY), ends_at: at(DAY) }), 400, "invalid_input", "ends_at"],
		["an end that has passed", () => client.accessCodes.create({ device_id: front.device_id, starts_at: at(-2 * DAY), ends_at: at(-DAY) }), 400, "invalid_input", "ends_at"],
		["a time that is none", () => client.accessCodes.create({ device_id: front.device_id, starts_at: "noon", ends_at: "night" }), 400, "invalid_input", "starts_at"],
		["events without a span", () => client.events.list({ event_type: "lock.unlocked" }), 400, "invalid_input"],
		["lengths in both forms", () => client.accessCodes.reportDeviceConstraints({ device_id: annex.device_id, supported_code_lengths: [5], min_code_length: 4, max_code_length: 6 }), 400, "invalid_input"],
		["a pool for an ongoing code", () => client.accessCodes.create({ device_id: back.device_id, use_backup_access_code_pool: true }), 400, "access_code_not_time_bound"],
		["a PIN where the maker chooses", () => client.accessCodes.create({ device_id: gate.device_id, code: "123456", is_offline_access_code: true, starts_at: at(DAY), ends_at: at(DAY + HOUR) }), 400, "invalid_input", "code"],
		["a webhook that is not there", () => client.webhooks.get({ webhook_id: NOBODY }), 404, "webhook_not_found"],
	];
	for (const [what, call, status, code, param] of refusals) {
		test(`refused: ${what}`, async () => {
			const error = await refusal(call());
			assert.ok(error instanceof seam.SeamHttpApiError, String(error));
			assert.deepEqual([error.statusCode, error.code], [status, code], error.message);
			assert.ok(error.requestId);
			assert.equal(error instanceof seam.SeamHttpInvalidInputError, code === "invalid_input");
			if (param) assert.ok(error.getValidationErrorMessages(param).length > 0, `${param} is named`);
		});
	}

	test("refused: a PIN that is taken, with its holder named and no PIN told", async () => {
		await client.accessCodes.create({ device_id: front.device_id, name: "First come", code: "6602" });
		const error = await refusal(client.accessCodes.create({ device_id: front.device_id, name: "Second", code: "6602" }));
		assert.deepEqual([error.statusCode, error.code], [409, "duplicate_access_code"]);
		assert.match(error.message, /First come/);
		assert.doesNotMatch(error.message, /6602/);
	});

	test("refused: a key that is not ours, and a right that a key has not", async () => {
		const stranger = await refusal(connect(house, "seam_12345678_123456789012345678901234").devices.list());
		assert.ok(stranger instanceof seam.SeamHttpUnauthorizedError, String(stranger));
		const reader = connect(house, await house.makeKey("read"));
		assert.equal((await reader.devices.list()).length, 5);
		const denied = await refusal(reader.accessCodes.create({ device_id: front.device_id }));
		assert.ok([401, 403].includes(denied.statusCode), String(denied.statusCode));
		const desk = connect(house, await house.makeKey("desk"));
		await desk.accessCodes.create({ device_id: front.device_id, name: "By the desk" });
		assert.ok([401, 403].includes((await refusal(desk.webhooks.create({ url: "http://127.0.0.1:9/" }))).statusCode));
	});
});

describe("the official client while time passes", () => {
	let house, client, door, quick;
	before(async () => {
		house = await House.open({ locks: { Door: { type: "august_lock" }, Twin: { type: "yale_lock" }, Quick: { type: "nuki_lock" } }, clock: null });
		client = connect(house);
		[door, quick] = [await house.device("Door"), await house.device("Quick")];
	});
	after(() => house?.close());

	test("unlock and lock, waited for by the client", async () => {
		const unlocked = await client.locks.unlockDoor({ device_id: quick.device_id });
		assert.deepEqual([unlocked.action_type, unlocked.status], ["UNLOCK_DOOR", "success"]);
		assert.equal((await client.locks.get({ device_id: quick.device_id })).properties.locked, false);
		const locked = await client.locks.lockDoor({ device_id: quick.device_id });
		assert.equal(locked.status, "success");
		assert.equal((await client.locks.list()).length, 3);
		const again = await client.actionAttempts.get({ action_attempt_id: locked.action_attempt_id }, { waitForActionAttempt: false });
		assert.deepEqual(again, locked);
		const attempts = await client.actionAttempts.list({ device_id: quick.device_id });
		assert.ok(attempts.length >= 2);
	});

	test("a lock that jams ends in the client's own error", async () => {
		await house.fault(quick.device_id, "jammed");
		const error = await refusal(client.locks.unlockDoor({ device_id: quick.device_id }));
		assert.ok(error instanceof seam.SeamActionAttemptFailedError, String(error));
		await house.fault(quick.device_id, "jammed", false);
	});

	test("a keypad entry and a turn by hand, simulated", async () => {
		const code = await client.accessCodes.create({ device_id: door.device_id, name: "Fay", code: "2580" });
		for (let set = false; !set; ) {
			set = (await client.accessCodes.get({ access_code_id: code.access_code_id })).status === "set";
			if (!set) await new Promise((resolve) => setTimeout(resolve, 25));
		}
		const since = new Date(Date.now() - SECOND).toISOString();
		const entry = await client.locks.simulate.keypadCodeEntry({ device_id: door.device_id, code: "2580" });
		assert.equal(entry.status, "success");
		const [event] = await client.events.list({ since, event_type: "lock.unlocked", device_id: door.device_id });
		assert.deepEqual([event.method, event.access_code_id, event.code], ["keycode", code.access_code_id, "2580"]);
		assert.equal((await client.locks.simulate.manualLockViaKeypad({ device_id: door.device_id })).status, "success");
		const configured = await client.locks.configureAutoLock({ device_id: door.device_id, auto_lock_enabled: true, auto_lock_delay_seconds: 30 });
		assert.equal(configured.status, "success");
	});

	test("a webhook, believed by the vendor's verifier, tried again after a failure", async () => {
		const got = [];
		let fail = 1;
		const receiver = createServer(async (request, response) => {
			const parts = [];
			for await (const part of request) parts.push(part);
			const failing = fail > 0 && fail-- > 0;
			got.push({ headers: request.headers, body: Buffer.concat(parts).toString(), failing });
			response.writeHead(failing ? 500 : 204).end();
			receiver.emit("delivered");
		}).listen(0, "127.0.0.1");
		await once(receiver, "listening");
		const url = `http://127.0.0.1:${receiver.address().port}/hook`;
		const hook = await client.webhooks.create({ url, event_types: ["access_code.created"] });
		assert.match(hook.secret, /^whsec_/);
		assert.deepEqual((await client.webhooks.list()).map((one) => one.webhook_id), [hook.webhook_id]);

		const first = once(receiver, "delivered");
		const made = await client.accessCodes.create({ device_id: door.device_id, name: "Gil" });
		await first;
		if (got.length < 2) await once(receiver, "delivered");
		const [bad, good] = got;
		assert.deepEqual([bad.failing, good.failing], [true, false]);
		assert.equal(bad.headers["svix-id"], good.headers["svix-id"]);
		const verifier = new SeamWebhook(hook.secret);
		const event = verifier.verify(good.body, good.headers);
		assert.deepEqual([event.event_type, event.access_code_id], ["access_code.created", made.access_code_id]);
		assert.throws(() => verifier.verify(good.body.replace("created", "deleted"), good.headers));
		assert.deepEqual(await client.events.get({ event_id: event.event_id }), event);

		await client.webhooks.update({ webhook_id: hook.webhook_id, event_types: ["lock.unlocked"] });
		assert.deepEqual((await client.webhooks.get({ webhook_id: hook.webhook_id })).event_types, ["lock.unlocked"]);
		await client.webhooks.delete({ webhook_id: hook.webhook_id });
		assert.deepEqual(await client.webhooks.list(), []);
		receiver.close();
		receiver.closeAllConnections();
	});

	test("an account is deleted from here, and its codes still open the door", async () => {
		const twin = await house.device("Twin");
		const { connected_account_id } = twin;
		await client.connectedAccounts.delete({ connected_account_id });
		assert.equal((await refusal(client.devices.get({ device_id: twin.device_id }))).code, "device_not_found");
	});
});
