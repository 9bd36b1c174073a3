// restart - the server goes away and comes back; the desk works on and loses nothing.

import assert from "node:assert/strict";
import { test } from "node:test";

import { until, withDesk } from "./lib.mjs";

const HOUSE = ["--locks", "3", "--codes", "6", "--events", "5"];

for (const signal of ["SIGTERM", "SIGKILL"])
	test(`codes made while the server is away arrive once it is back (${signal})`, async () => {
		await withDesk(HOUSE, async (desk) => {
			const { server } = desk;
			const screen = await desk.screen();
			await screen.see("Door 1");
			await screen.see(/live/);
			await server.stop(signal);

			for (const name of ["Silva", "Kowalski"]) {
				await screen.keys("n");
				await screen.see("New code");
				await screen.type(name);
				await screen.keys("Enter");
				await screen.type("4h"); // a night in a room that is taken is asked about first
				await screen.keys("Enter");
				await screen.seeNot("New code");
				await screen.see(name);
			}
			const { status, err } = await desk.cli("code", "create", "--lock", "Door 2", "--name", "Sato");
			assert.equal(status, 0, err);
			await screen.see(/⇅ 3|3 waiting|waiting/);

			await server.restart();
			for (const name of ["Silva", "Kowalski", "Sato"]) await server.codeNamed(name);
			await until("nothing waits", async () => {
				const waiting = (await desk.objects("outbox")).filter((intent) => intent.state !== "accepted");
				return { ok: waiting.length === 0, seen: JSON.stringify(waiting) };
			});
			assert.equal((await server.ask("/_ctl/codes")).access_codes.length, 6 + 3);
			const seen = new Set((await desk.objects("codes")).map((code) => code.name));
			for (const code of (await server.ask("/_ctl/codes")).access_codes) assert.ok(seen.has(code.name), code.name);
		});
	});

test("an answer that was lost is settled by reading back, not by asking again", async () => {
	await withDesk(HOUSE, async (desk) => {
		const { server } = desk;
		const sync = desk.sync();
		await until("the first pull is done", async () => {
			const { status, err } = await desk.cli("code", "create", "--lock", "Door 1", "--name", "First", "--wait");
			return { ok: status === 0, seen: err };
		});
		for (const [i, fail_mode] of ["reset-after", "truncate", "garbage"].entries()) {
			await server.ask("/_ctl/faults", { fail_path: "/access_codes/create", fail_count: 1, fail_mode });
			const { status, err } = await desk.cli("code", "create", "--lock", "Door 1", "--name", `Lost ${i}`, "--wait");
			assert.equal(status, 0, `${fail_mode}: ${err}`);
			assert.equal((await server.codesNamed(`Lost ${i}`)).length, 1, fail_mode);
		}
		assert.equal((await server.ask("/_ctl/stats")).paths["/access_codes/create"], 4);
		assert.equal(sync.exitCode, null);
	});
});
