// sum - what simulated houses came to, from the ledgers that LEDGER=FILE has filled: the table of docs/reliability.md.
//
// usage: node sum.mjs LEDGER ...

import { readFileSync } from "node:fs";

const DENSITIES = ["quiet", "ordinary", "dense"];
const DAYS_A_YEAR = 365;
const sums = Object.fromEntries(DENSITIES.map((density) => [density, {}]));

for (const file of process.argv.slice(2)) {
	const [head, ...lines] = readFileSync(file, "utf8").trim().split("\n").map((line) => line.split(" "));

	for (const line of lines) {
		const row = Object.fromEntries(head.map((name, i) => [name, line[i]])), sum = sums[row.density];

		for (const name of head) if (name !== "density" && name !== "seed") sum[name] = (sum[name] ?? 0) + Number(row[name]);
		// A house that broke a rule counts for none of its years.
		sum.years = (sum.years ?? 0) + (row.houses - row.failed) * row.days / DAYS_A_YEAR;
	}
}

const whole = (n) => Math.round(n ?? 0).toLocaleString("en-US");
const minutes = (s) => (s.cpu_ms ?? 0) / 60_000;
// A row of the table: what it is about, and a cell's words from the sums of a density.
const ROWS = [
	["property-years without a broken rule", (s) => whole(s.years)],
	["houses, of one year or of three; of them broke a rule", (s) => `${whole(s.houses)}; ${whole(s.failed)}`],
	["core-minutes; property-years in one", (s) => `${whole(minutes(s))}; ${whole(s.years / minutes(s))}`],
	["acts; of them faults", (s) => `${whole(s.done)}; ${whole(s.faults)}`],
	["requests to the API; refused; without an answer", (s) => `${whole(s.calls)}; ${whole(s.refused)}; ${whole(s.unanswered)}`],
	["events", (s) => whole(s.events)],
	["judged; openings asked for", (s) => `${whole(s.judged)} times; ${whole(s.opened)}`],
	["deaths of keyrackd; writes that its disk refused", (s) => `${whole(s.deaths)}; ${whole(s.disk_errors)}`],
	["requests to locks; lost, late, doubled or turned away", (s) => `${whole(s.gate_requests)}; ${whole(s.gate_faults)}`],
	["tries of a webhook; taken; again; given up",
		(s) => [s.hook_tries, s.hook_taken, s.hook_again, s.hook_passed_over].map(whole).join("; ")],
	["sessions of desks; decisions; deaths of desks", (s) => [s.sessions, s.decided, s.desk_deaths].map(whole).join("; ")],
	["requests of sync; unsent, lost or late; refused writes",
		(s) => [s.line_requests, s.line_faults, s.desk_disk_errors].map(whole).join("; ")],
	["cache and server compared, and the same", (s) => `${whole(s.agreed)} times`],
];

console.log(`property-years: ${whole(DENSITIES.reduce((n, density) => n + (sums[density].years ?? 0), 0))}\n`);
console.log(`| | ${DENSITIES.join(" | ")} |\n| --- | --- | --- | --- |`);
for (const [words, cell] of ROWS) console.log(`| ${words} | ${DENSITIES.map((density) => cell(sums[density])).join(" | ")} |`);
