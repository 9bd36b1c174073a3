// live - doors being opened are on the screen with the name of the code that opened them.

import assert from "node:assert/strict";
import { test } from "node:test";

import { withDesk } from "./lib.mjs";

const HOUSE = ["--locks", "4", "--codes", "0", "--events", "0"];

test("an unlock on the server appears with its code's name, also after the code is gone", async () => {
	await withDesk(HOUSE, async (desk) => {
		const { server } = desk;
		const { device_id } = await server.device("Door 1"); // August: names the code in its events
		const { access_code } = await server.ask("/access_codes/create", { device_id, name: "Priya N." });
		await server.codeNamed("Priya N.", (code) => code.status === "set");
		const screen = await desk.screen();
		await screen.see("Door 1");
		await screen.see(/● live|live/);

		const { access_code_id } = access_code;
		await server.ask("/_ctl/event", { event_type: "lock.unlocked", device_id, access_code_id, access_code_is_managed: true });
		await screen.see(/Door 1 .*unlocked +Priya N\./);

		await server.ask("/access_codes/delete", { access_code_id });
		await server.gone("Priya N.");
		const events = async () => (await desk.objects("events")).filter((event) => event.access_code_id === access_code_id);
		assert.ok((await events()).length > 0);
		await screen.see(/Door 1 .*unlocked +Priya N\./);
	});
});

test("a brand that does not name the code: inferred when only one was valid, else unknown", async () => {
	await withDesk(HOUSE, async (desk) => {
		const { server } = desk;
		const { device_id } = await server.device("Door 4"); // Nuki: names nobody
		const { device_type } = await server.device("Door 4");
		assert.equal(device_type, "nuki_lock");
		await server.ask("/access_codes/create", { device_id, name: "Weber" });
		await server.codeNamed("Weber", (code) => code.status === "set");
		const screen = await desk.screen();
		await screen.see("Door 4");
		await screen.see(/live/);
		await server.ask("/_ctl/event", { event_type: "lock.unlocked", device_id });
		await screen.see(/Door 4 .*unlocked +~Weber/);
		await screen.see(/inferred/);

		await server.ask("/access_codes/create", { device_id, name: "Tamm" });
		await server.codeNamed("Tamm", (code) => code.status === "set");
		await screen.see(/Tamm/);
		await server.ask("/_ctl/event", { event_type: "lock.unlocked", device_id });
		await screen.see(/Door 4 .*unlocked +unknown/);
	});
});

test("a lock that goes offline says so, and so does its return", async () => {
	await withDesk(HOUSE, async (desk) => {
		const { server } = desk;
		const { device_id } = await server.device("Door 2");
		const screen = await desk.screen();
		await screen.see("Door 2");
		await screen.see(/live/);
		await server.ask("/_ctl/device", { device_id, online: false });
		await screen.see(/Door 2 +! offline/);
		await server.ask("/_ctl/device", { device_id, online: true });
		await screen.seeNot(/Door 2 +! offline/);
	});
});

test("the desk unlocks a door", async () => {
	await withDesk(HOUSE, async (desk) => {
		const { server } = desk;
		const screen = await desk.screen();
		await screen.see("Door 1");
		await screen.see(/live/);
		await screen.keys("u");
		await screen.see(/Unlock/);
		await screen.keys("y");
		await screen.see(/Door 1 .*unlocked/);
		const { events } = await server.ask("/_ctl/events");
		const remote = events.filter((event) => event.event_type === "lock.unlocked" && event.method === "remote");
		assert.equal(remote.length, 1);
	});
});
