// codes - the desk's day by keyboard: see the rack, make a code, change it, revoke it.
//
// Every step is looked up on the server through its own API.

import assert from "node:assert/strict";
import { test } from "node:test";

import { withDesk } from "./lib.mjs";

const HOUR = 3600_000;
const HOUSE = ["--locks", "3", "--codes", "0", "--events", "0"];

// The cursor is on the first lock. The form opens with it chosen, and the name to be typed.
async function newCode(screen, fields) {
	await screen.keys("n");
	await screen.see("New code");
	for (const [i, field] of fields.entries()) {
		if (i > 0) await screen.keys("Tab");
		if (field) await screen.type(field);
	}
}

test("the console shows what the server has, 80 columns wide too", async () => {
	await withDesk(["--house"], async (desk) => {
		const screen = await desk.screen({ cols: 80, rows: 24 });
		await screen.see("101 Garden");
		await screen.see("Anna Berg");
		await screen.keys("q");
		assert.equal(await screen.status(), 0);
	});
});

test("a code is made, changed and revoked by keys", async () => {
	await withDesk(HOUSE, async (desk) => {
		const { server } = desk;
		const screen = await desk.screen();
		await screen.see("Door 1");
		const door = await server.device("Door 1");

		await newCode(screen, ["Haddad, Leila", "", "ongoing"]); // instead of the night it offers
		await screen.keys("Enter");
		const made = await server.codeNamed("Haddad, Leila", (code) => code.status === "set");
		assert.equal(made.device_id, door.device_id);
		assert.equal(made.type, "ongoing");
		assert.ok(made.common_code_key, "a lost answer could not be settled without it");
		await screen.seeNot("New code");
		await screen.see("Haddad, Leila");

		await screen.keys("e"); // the cursor went to what was made
		await screen.see("Change code");
		await screen.keys("C-u");
		await screen.type("Haddad & Co");
		await screen.keys("Enter");
		const changed = await server.codeNamed("Haddad & Co");
		assert.equal(changed.access_code_id, made.access_code_id);
		assert.equal(changed.code, made.code);
		assert.equal(changed.type, "ongoing");
		await screen.see("Haddad & Co");

		await screen.keys("x");
		await screen.see("Revoke");
		await screen.keys("y");
		await server.gone("Haddad & Co");
		await screen.keys("q");
		assert.equal(await screen.status(), 0);
		assert.equal((await server.ask("/_ctl/stats")).paths["/access_codes/create"], 1);
	});
});

test("a window and a PIN typed as people say them", async () => {
	await withDesk(HOUSE, async (desk) => {
		const screen = await desk.screen();
		await screen.see("Door 1");
		await newCode(screen, ["Ito", "tomorrow 15:00", "+2n", "738291"]);
		await screen.keys("Enter");
		const code = await desk.server.codeNamed("Ito");
		assert.equal(code.code, "738291");
		assert.equal(code.type, "time_bound");
		const nights = (Date.parse(code.ends_at) - Date.parse(code.starts_at)) / HOUR / 24;
		assert.ok(nights > 1.5 && nights < 2.5, code.ends_at);
		const [hour] = new Intl.DateTimeFormat("en-GB", { timeZone: "Europe/Berlin", timeStyle: "short" }).format(new Date(code.starts_at)).split(":");
		assert.equal(hour, "15");
		const text = await screen.see("Ito");
		assert.ok(!text.includes("738291"), "the PIN is masked");
		assert.ok(!desk.logged().includes("738291"), "the PIN is not in the log");
	});
});

test("a refusal comes back to the desk with the server's words", async () => {
	await withDesk(HOUSE, async (desk) => {
		const { server } = desk;
		const screen = await desk.screen();
		await screen.see("Door 1");
		// A guest is made behind the console's back while its sync cannot hear of it.
		await server.ask("/_ctl/faults", { fail_path: "/events", fail_rate: 1, fail_mode: "503" });
		const { device_id } = await server.device("Door 1");
		assert.ok((await server.ask("/access_codes/create", { device_id, name: "Anna", code: "738291" })).ok);
		await newCode(screen, ["Ben", "", "", "738291"]);
		await screen.keys("Enter");
		await screen.see(/refused/i);
		assert.deepEqual(await server.codesNamed("Ben"), []);
		await screen.keys("o");
		await screen.see("Anna");
	});
});
