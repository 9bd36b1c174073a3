/* commands - the table of everything 'keyrack' can be told, one row each.
 *
 * The rows make dispatch, help, the manual page and the shell completion; nothing else lists
 * commands or options. To add a command: a row here, a function in a cmd_*.c, a test. */
#include "cli/cli.h"

#define ROW(name_, letter_, kind_, value_, help_) { name_, letter_, OPTION_##kind_, value_, help_ }

#define OPTION_JSON ROW("json", 0, FLAG, NULL, "One JSON object a line, with the API's field names")
#define OPTION_PINS ROW("pins", 0, FLAG, NULL, "Show PINs (else ••••, and null in --json)")
#define OPTION_LOCK                                                                                \
	ROW("lock", 'l', TEXT, "NAME", "Only this lock: its id, name, or a part of the name")
#define OPTION_WAIT ROW("wait", 'w', FLAG, NULL, "Wait until the server has accepted or refused it")
#define OPTION_TIMEOUT ROW("timeout", 0, NUMBER, "SECONDS", "With --wait: at most so long (30)")
#define OPTION_YES ROW("yes", 'y', FLAG, NULL, "Do not ask")
#define OPTION_FROM                                                                                \
	ROW("from", 'f', TEXT, "TIME", "Start: “tomorrow 15:00”, “fri 3pm”, “24 dec 15:00”, “now”")
#define OPTION_UNTIL ROW("until", 'u', TEXT, "TIME", "End: “+3n” (nights), “fri 11am”, “+2h”")
#define OPTION_PIN_FILE                                                                            \
	ROW("pin-file", 0, TEXT, "FILE",                                                           \
	    "Take the PIN from the first line of FILE (-: standard input)")
#define OPTION_DOORS                                                                               \
	ROW("doors", 'd', TEXTS, "NAME", "The locks of [doors NAME] in the configuration; may be given again")
#define NO_PIN_HERE                                                                                \
	"A PIN on the command line can be read by every user of this computer: use "               \
	"--pin-file FILE, or --pin-file - for standard input"
#define OPTION_PIN      ROW("pin", 0, REFUSED, NULL, NO_PIN_HERE)
#define OPTION_CODE_PIN ROW("code", 0, REFUSED, NULL, NO_PIN_HERE)

const struct option_row cli_global_option[] = {
	{ "profile", 'p', OPTION_TEXT, "NAME", "Use this profile of the configuration" },
	{ "read-only", 'r', OPTION_FLAG, NULL, "Refuse everything that would change something" },
	{ "ascii", 0, OPTION_FLAG, NULL, "Draw with ASCII characters alone" },
	{ "no-color", 0, OPTION_FLAG, NULL, "The console without colours (also: NO_COLOR)" },
	{ "line", 0, OPTION_FLAG, NULL,
	  "The console as plain lines, for a screen reader; also where TERM is dumb" },
	{ "desk", 0, OPTION_FLAG, NULL,
	  "The console as the only thing on this screen: no way out, no files, no programs" },
	{ "no-mouse", 0, OPTION_FLAG, NULL, "The console leaves the mouse to the terminal" },
	{ "theme", 0, OPTION_TEXT, "NAME",
	  "The console in this theme: auto, dark, light, ... or a file" },
	{ "print-keys", 0, OPTION_FLAG, NULL, "Print the console's keys as a keys.conf to start from" },
	{ "print-config", 0, OPTION_FLAG, NULL, "Print a configuration file to start from" },
	{ "version", 'V', OPTION_FLAG, NULL, "Print the version" },
	{ "help", 'h', OPTION_FLAG, NULL, "Print help, also on one command" },
	OPTION_END,
};

static const struct option_row no_option[] = { OPTION_END };

static const struct option_row operator_add_option[] = {
	{ "role", 0, OPTION_TEXT, "admin|desk|read", "What they may do at this desk" },
	OPTION_END,
};

static const struct option_row locks_option[] = {
	{ "find", 0, OPTION_TEXT, "TEXT",
	  "Only locks with it in name, place, room, or a code's name" },
	{ "sort", 's', OPTION_TEXT, "WHAT", "name, place, trouble, battery or next" },
	{ "trouble", 0, OPTION_FLAG, NULL, "Only locks with a problem" },
	OPTION_JSON,
	OPTION_END,
};

static const struct option_row codes_option[] = {
	OPTION_LOCK,
	{ "find", 0, OPTION_TEXT, "TEXT", "Only codes with it in their name" },
	{ "trouble", 0, OPTION_FLAG, NULL, "Only codes with an error of their own" },
	{ "ended", 0, OPTION_FLAG, NULL, "Also codes whose window has passed" },
	{ "ids", 0, OPTION_FLAG, NULL, "With the access_code_id of each" },
	OPTION_PINS,
	OPTION_JSON,
	OPTION_END,
};

static const struct option_row events_option[] = {
	OPTION_LOCK,
	{ "code", 'c', OPTION_TEXT, "NAME|ID", "Only events of this code" },
	{ "find", 0, OPTION_TEXT, "WORDS",
	  "Only what fits: “204”, “code:berg !kind:lock since:yesterday until:fri”" },
	{ "since", 0, OPTION_TEXT, "TIME", "From this time on: “today 00:00”, “mon 8:00”, “3h”" },
	{ "until", 0, OPTION_TEXT, "TIME", "Up to this time" },
	{ "kind", 'k', OPTION_TEXT, "KIND,...",
	  "unlock, lock, denied, code-good, code-trouble, code-change, device-good, "
	  "device-trouble, account, other; doors, codes, trouble" },
	{ "limit", 'n', OPTION_NUMBER, "N", "At most so many, the newest (100; with --since 10000)" },
	{ "follow", 'F', OPTION_FLAG, NULL, "Go on printing events as they come" },
	{ "csv", 0, OPTION_FLAG, NULL, "As CSV, for a spreadsheet; without PINs" },
	OPTION_PINS,
	OPTION_JSON,
	OPTION_END,
};

static const struct option_row rekey_option[] = {
	{ "lost", 0, OPTION_FLAG, NULL, "The key file is gone for good: begin with a new one" },
	OPTION_YES,
	OPTION_END,
};

static const struct option_row moment_option[] = {
	{ "at", 0, OPTION_TEXT, "TIME", "At this moment: “yesterday 23:00”, “fri 18:00”, “3h” ago (now)" },
	OPTION_JSON,
	OPTION_END,
};

static const struct option_row create_option[] = {
	{ "lock", 'l', OPTION_TEXTS, "NAME", "The lock; again for the same code on more locks" },
	OPTION_DOORS,
	{ "name", 'n', OPTION_TEXT, "NAME", "Whose code it is" },
	OPTION_FROM,
	OPTION_UNTIL,
	OPTION_PIN_FILE,
	{ "backup-pool", 0, OPTION_FLAG, NULL, "Keep backup codes ready on the lock" },
	{ "offline", 0, OPTION_FLAG, NULL, "An offline code, computed by the lock's maker" },
	{ "one-time", 0, OPTION_FLAG, NULL, "With --offline: for one use" },
	{ "external-ok", 0, OPTION_FLAG, NULL, "Let changes made in the maker's app stand" },
	{ "just-in-time", 0, OPTION_FLAG, NULL, "Do not store it in the lock ahead of its start" },
	OPTION_WAIT,
	OPTION_TIMEOUT,
	OPTION_PINS,
	OPTION_JSON,
	OPTION_PIN,
	OPTION_CODE_PIN,
	OPTION_END,
};

static const struct option_row audit_option[] = {
	{ "key", 'k', OPTION_TEXT, "FILE|HEX", "The public key of the seals, as keyrackd's .pub file has it" },
	{ "head", 0, OPTION_TEXT, "NUMBER:HASH",
	  "What 'keyrackd audit head' once printed: a chain that ends before it, or is another, is found out" },
	OPTION_END,
};

static const struct option_row show_option[] = { OPTION_LOCK, OPTION_PINS, OPTION_JSON,
						 OPTION_END };

static const struct option_row edit_option[] = {
	OPTION_LOCK,
	{ "name", 'n', OPTION_TEXT, "NAME", "Another name" },
	OPTION_FROM,
	OPTION_UNTIL,
	{ "ongoing", 0, OPTION_FLAG, NULL, "Without a window from now on" },
	OPTION_PIN_FILE,
	OPTION_WAIT,
	OPTION_TIMEOUT,
	OPTION_PINS,
	OPTION_JSON,
	OPTION_PIN,
	OPTION_CODE_PIN,
	OPTION_END,
};

static const struct option_row delete_option[] = {
	OPTION_LOCK, OPTION_YES, OPTION_WAIT, OPTION_TIMEOUT, OPTION_JSON, OPTION_END,
};

static const struct option_row door_option[] = {
	OPTION_YES, OPTION_WAIT, OPTION_TIMEOUT, OPTION_JSON, OPTION_END,
};

static const struct option_row outbox_option[] = {
	{ "all", 'a', OPTION_FLAG, NULL, "Also what was accepted or withdrawn" },
	{ "state", 0, OPTION_TEXT, "STATE", "Only: all, waiting, refused, accepted or aside (withdrawn, put aside)" },
	OPTION_PINS,
	OPTION_JSON,
	OPTION_END,
};

static const struct option_row import_option[] = {
	{ "feed", 0, OPTION_TEXT, "NAME", "The list's name, by which it is known again (else the file's)" },
	{ "room", 0, OPTION_TEXT, "LOCK", "Every stay is in this room" },
	{ "dry-run", 'n', OPTION_FLAG, NULL, "Only show what would be done" },
	OPTION_YES,
	{ "accept-removals", 0, OPTION_NUMBER, "N", "Revoke N codes although so many at once are held back" },
	OPTION_JSON,
	OPTION_END,
};

static const struct option_row export_option[] = {
	{ "lock", 'l', OPTION_TEXTS, "NAME", "Only the codes of this lock; again for more locks" },
	{ "pins", 0, OPTION_FLAG, NULL, "With PINs: whoever has the file can open the doors" },
	OPTION_END,
};

static const struct option_row journal_option[] = {
	{ "find", 0, OPTION_TEXT, "WORDS",
	  "Only what has these words in it: a person, a guest, a lock, what was done" },
	{ "limit", 'n', OPTION_NUMBER, "N", "At most so many, the newest (100)" },
	OPTION_JSON,
	OPTION_END,
};

static const struct option_row sheet_option[] = {
	{ "output", 'o', OPTION_TEXT, "FILE", "Into a new file that only you can read, instead of standard output" },
	{ "print", 0, OPTION_FLAG, NULL, "To the printer, by lp" },
	{ "day", 0, OPTION_TEXT, "DAY", "Another night than tonight: “tomorrow”, “fri”, “24 dec”" },
	{ "pins", 0, OPTION_FLAG, NULL, "With PINs: whoever has the sheet can open the doors" },
	OPTION_END,
};

static const struct option_row restore_option[] = {
	OPTION_YES,
	OPTION_END,
};

static const struct option_row rota_list_option[] = { OPTION_PINS, OPTION_JSON, OPTION_END };

static const struct option_row rota_add_option[] = {
	{ "name", 'n', OPTION_TEXT, "NAME", "Who it is" },
	{ "hours", 0, OPTION_TEXT, "HOURS",
	  "“mon-fri 8-14”, “tue sat 22:00-06:00”, or the name of a [pattern] in the configuration" },
	{ "lock", 'l', OPTION_TEXTS, "NAME", "The lock; again for more locks" },
	OPTION_DOORS,
	{ "first", 0, OPTION_TEXT, "DAY", "Not before this day: “mon”, “2026-12-01” (today)" },
	{ "last", 0, OPTION_TEXT, "DAY", "Not after this day (else it goes on)" },
	OPTION_PIN_FILE,
	OPTION_PINS,
	OPTION_PIN,
	OPTION_CODE_PIN,
	OPTION_END,
};

static const struct option_row rota_end_option[] = { OPTION_YES, OPTION_END };

static const struct option_row sync_option[] = {
	{ "once", '1', OPTION_FLAG, NULL, "Fetch everything, send what waits, and end" },
	{ "service", 0, OPTION_FLAG, NULL, "Stay when no console is there (for systemd)" },
	{ "ready-fd", 0, OPTION_HIDDEN, "FD", "" },
	OPTION_END,
};

static const struct option_row doctor_option[] = {
	OPTION_JSON,
	OPTION_END,
};

static const struct option_row demo_option[] = {
	{ "tour", 't', OPTION_FLAG, NULL, "Begin with the tour: what can be done, in five minutes" },
	OPTION_END,
};

const struct cli_command cli_command[] = {
	{ .words = "locks",
	  .usage = "[options]",
	  .summary = "List the locks",
	  .flags = CLI_PROFILE | CLI_CACHE,
	  .options = locks_option,
	  .run = cmd_locks },
	{ .words = "codes",
	  .usage = "[options]",
	  .summary = "List the access codes",
	  .flags = CLI_PROFILE | CLI_CACHE,
	  .options = codes_option,
	  .run = cmd_codes },
	{ .words = "events",
	  .usage = "[options]",
	  .summary = "List events, or follow them live",
	  .text = "Each unlock is shown with the code that opened the door, where the lock system "
		  "says so; a name with ~ before it is a conclusion, not a report.",
	  .flags = CLI_PROFILE | CLI_CACHE,
	  .options = events_option,
	  .run = cmd_events },
	{ .words = "who",
	  .usage = "LOCK [options]",
	  .summary = "Say who could open a door at a moment, and why",
	  .text = "Of every code: would have opened, cannot be said, would not. Judged from what was declared, "
		  "what the lock is known to have held, and who came in; where that does not say, it is said.",
	  .flags = CLI_PROFILE | CLI_CACHE,
	  .words_min = 1,
	  .words_max = 1,
	  .options = moment_option,
	  .run = cmd_who },
	{ .words = "doors",
	  .usage = "NAME|ID [options]",
	  .summary = "Say which doors a person could open at a moment",
	  .text = "All codes that have or had this name, deleted ones too.",
	  .flags = CLI_PROFILE | CLI_CACHE,
	  .words_min = 1,
	  .words_max = 1,
	  .options = moment_option,
	  .run = cmd_doors },
	{ .words = "code create",
	  .usage = "--lock NAME|--doors NAME --name NAME [options]",
	  .summary = "Make a new access code",
	  .text = "Without --from and --until the code is ongoing. Times are those on the clock "
		  "beside the lock. Without --pin-file a PIN is generated that fits every lock "
		  "given, unless the lock system chooses it. The code is queued safely before the "
		  "command ends; --wait waits for the server's answer.",
	  .flags = CLI_PROFILE | CLI_CACHE | CLI_WRITES,
	  .options = create_option,
	  .run = cmd_code_create },
	{ .words = "code show",
	  .usage = "NAME|ID [options]",
	  .summary = "Show everything about one code",
	  .flags = CLI_PROFILE | CLI_CACHE,
	  .words_min = 1,
	  .words_max = 1,
	  .options = show_option,
	  .run = cmd_code_show },
	{ .words = "code edit",
	  .usage = "NAME|ID [options]",
	  .summary = "Change a code's name, window or PIN",
	  .text = "A length in --until counts from the present end: “+1n” is one night more, “13:00” "
		  "is on its day.",
	  .flags = CLI_PROFILE | CLI_CACHE | CLI_WRITES,
	  .words_min = 1,
	  .words_max = 1,
	  .options = edit_option,
	  .run = cmd_code_edit },
	{ .words = "code delete",
	  .usage = "NAME|ID [options]",
	  .summary = "Revoke a code",
	  .flags = CLI_PROFILE | CLI_CACHE | CLI_WRITES,
	  .words_min = 1,
	  .words_max = 1,
	  .options = delete_option,
	  .run = cmd_code_delete },
	{ .words = "lock",
	  .usage = "NAME [options]",
	  .summary = "Lock a door",
	  .flags = CLI_PROFILE | CLI_CACHE | CLI_WRITES,
	  .words_min = 1,
	  .words_max = 1,
	  .options = door_option,
	  .run = cmd_lock },
	{ .words = "unlock",
	  .usage = "NAME [options]",
	  .summary = "Unlock a door",
	  .text = "Too late after a minute: a door must not open when nobody expects it.",
	  .flags = CLI_PROFILE | CLI_CACHE | CLI_WRITES,
	  .words_min = 1,
	  .words_max = 1,
	  .options = door_option,
	  .run = cmd_unlock },
	{ .words = "journal",
	  .usage = "[options]",
	  .summary = "List who did what at this desk, the newest first",
	  .text = "What was printed, exported and restored here, and between that what was asked of the server, with "
		  "what came of it. Kept on this computer; no PIN is in it.",
	  .flags = CLI_PROFILE | CLI_CACHE,
	  .options = journal_option,
	  .run = cmd_journal },
	{ .words = "night-sheet",
	  .usage = "[options]",
	  .summary = "Make the page for a power cut: rooms, guests, staff, locks in trouble",
	  .text = "Plain text, as the console's N shows it: until when it is good, tonight's rooms in order with "
		  "guest, window and whether the lock has the code, backup codes, staff, and the locks that are "
		  "offline or low. Pages are parted by form feeds. Each print and file is in the desk's journal.",
	  .flags = CLI_PROFILE | CLI_CACHE,
	  .options = sheet_option,
	  .run = cmd_night_sheet },
	{ .words = "export",
	  .usage = "[options] FILE|-",
	  .summary = "Write the access codes into a file that 'keyrack restore' reads",
	  .text = "JSON Lines with the API's field names, a head, and an end with a digest. Without "
		  "--pins there is no PIN in it, and a restore makes new ones. The file is for its "
		  "owner only.",
	  .flags = CLI_PROFILE | CLI_CACHE,
	  .words_min = 1,
	  .words_max = 1,
	  .options = export_option,
	  .run = cmd_export },
	{ .words = "restore",
	  .usage = "FILE [--yes]",
	  .summary = "Bring access codes back to what an export says",
	  .text = "Prints what would be done, a line a code: + issue, ~ change, ! blocked and why, = is "
		  "so already; then asks. Codes that the export does not name are left alone, and "
		  "nothing is revoked. A file that is damaged, cut short, of another property or of "
		  "a newer keyrack changes nothing.",
	  .flags = CLI_PROFILE | CLI_CACHE | CLI_WRITES,
	  .words_min = 1,
	  .words_max = 1,
	  .options = restore_option,
	  .run = cmd_restore },
	{ .words = "outbox withdraw",
	  .usage = "N",
	  .summary = "Take back what has not been sent yet",
	  .flags = CLI_PROFILE | CLI_CACHE | CLI_WRITES,
	  .words_min = 1,
	  .words_max = 1,
	  .options = no_option,
	  .run = cmd_outbox_withdraw },
	{ .words = "outbox dismiss",
	  .usage = "N",
	  .summary = "Put aside what was refused",
	  .text = "It was read and dealt with: it leaves the list and the console's title.",
	  .flags = CLI_PROFILE | CLI_CACHE | CLI_WRITES,
	  .words_min = 1,
	  .words_max = 1,
	  .options = no_option,
	  .run = cmd_outbox_dismiss },
	{ .words = "outbox retry",
	  .usage = "N",
	  .summary = "Ask again, as it was, for what was refused",
	  .text = "It is another entry, with the same parameters; the refused one leaves the list. What "
		  "was to come before it must be asked for again first.",
	  .flags = CLI_PROFILE | CLI_CACHE | CLI_WRITES,
	  .words_min = 1,
	  .words_max = 1,
	  .options = no_option,
	  .run = cmd_outbox_retry },
	{ .words = "outbox",
	  .usage = "[options]",
	  .summary = "List what was asked for and is not settled yet",
	  .flags = CLI_PROFILE | CLI_CACHE,
	  .options = outbox_option,
	  .run = cmd_outbox },
	{ .words = "import",
	  .usage = "FILE|- [options]",
	  .summary = "Make access codes of a list of reservations",
	  .text = "FILE is CSV (the first line names the columns: guest, room, arrival, departure, "
		  "phone, ...) or a calendar (.ics). First it is shown what each row means: + a new code, "
		  "~ a change, - a revocation, ! not possible and why, = nothing to do; then it is "
		  "asked. The same list again changes only what has changed in it; a stay that is no "
		  "longer in it is revoked if it has not begun. Ends with 1 when a row was refused.",
	  .flags = CLI_PROFILE | CLI_CACHE | CLI_WRITES,
	  .words_min = 1,
	  .words_max = 1,
	  .options = import_option,
	  .run = cmd_import },
	{ .words = "operator add",
	  .usage = "NAME [--role admin|desk|read]",
	  .summary = "Let somebody unlock this desk",
	  .text = "Asks for a PIN, twice, without showing it; where standard input is no terminal its "
		  "first line is the PIN. A name that is there already gets the new one. Once somebody has a "
		  "role, the console begins locked: 'read' may look, 'desk' do all that a shift does, 'admin' "
		  "also import and restore; who has no role is admin. Whoever may use this user's shell is not "
		  "bound by it.",
	  .flags = CLI_WRITES,
	  .words_min = 1,
	  .words_max = 1,
	  .options = operator_add_option,
	  .run = cmd_operator_add },
	{ .words = "operator remove",
	  .usage = "NAME",
	  .summary = "Let somebody no longer unlock this desk",
	  .flags = CLI_WRITES,
	  .words_min = 1,
	  .words_max = 1,
	  .options = no_option,
	  .run = cmd_operator_remove },
	{ .words = "operator list",
	  .usage = "",
	  .summary = "List who can unlock this desk",
	  .options = no_option,
	  .run = cmd_operator_list },
	{ .words = "rota add",
	  .usage = "--name NAME --hours HOURS --lock NAME [options]",
	  .summary = "Let somebody in on some days of the week",
	  .text = "Hours are those on the clock beside each lock; an end that is not after the start lies on the "
		  "next day. There is one code a door at a time, always with the same PIN: 'keyrack sync' "
		  "makes the next one when the one before has gone, so it must be running (see "
		  "'keyrack sync --service').",
	  .flags = CLI_PROFILE | CLI_CACHE | CLI_WRITES,
	  .options = rota_add_option,
	  .run = cmd_rota_add },
	{ .words = "rota end",
	  .usage = "NAME|NO [--yes]",
	  .summary = "End somebody's rota, and revoke its codes",
	  .flags = CLI_PROFILE | CLI_CACHE | CLI_WRITES,
	  .words_min = 1,
	  .words_max = 1,
	  .options = rota_end_option,
	  .run = cmd_rota_end },
	{ .words = "rota list",
	  .usage = "[options]",
	  .summary = "List who works by a rota, with the next window at each door",
	  .flags = CLI_PROFILE | CLI_CACHE,
	  .options = rota_list_option,
	  .run = cmd_rota_list },
	{ .words = "sync",
	  .usage = "[options]",
	  .summary = "Keep the cache in step with the server",
	  .text = "The console starts it when none runs, and it ends ten seconds after the last "
		  "console has gone. Only one runs for each cache.",
	  .flags = CLI_PROFILE,
	  .options = sync_option,
	  .run = cmd_sync },
	{ .words = "cache rekey",
	  .usage = "[--lost]",
	  .summary = "Seal the PINs in the cache with a new key",
	  .text = "A new key is put at the head of the key file ($XDG_STATE_HOME/keyrack/vault.key; "
		  "'keyrack doctor' says "
		  "where), and every PIN is sealed with it in one step; what was interrupted goes on when "
		  "called again. "
		  "Older keys stay in the file for other caches. --lost is for a key file that is gone and has no "
		  "backup: the cache begins with a new key, what the server knows is pulled again, and changes that "
		  "were not sent yet and held a PIN are refused with words.",
	  .flags = CLI_PROFILE | CLI_WRITES,
	  .options = rekey_option,
	  .run = cmd_cache_rekey },
	{ .words = "setup",
	  .usage = "",
	  .summary = "Make the first configuration, by four questions",
	  .text = "Asks for the server, the API key, a name and the time zone, asks the server whether it "
		  "knows the key, and only then writes keyrack.conf and the key's file, for you alone. What is "
		  "there already is never overwritten. 'keyrack' itself does the same at its first start in a "
		  "terminal.",
	  .flags = CLI_WRITES,
	  .options = no_option,
	  .run = cmd_setup },
	{ .words = "demo",
	  .usage = "[--tour] [FILE]",
	  .summary = "Open the console on a small hotel that is not there",
	  .text = "Starts keyrackd with simulated locks, in a temporary folder, and ends it with the "
		  "console. FILE is another property than Harbour House.",
	  .words_max = 1,
	  .options = demo_option,
	  .run = cmd_demo },
	{ .words = "audit verify",
	  .usage = "FILE|- [options]",
	  .summary = "Say whether an audit that keyrackd wrote is whole, or which record is not",
	  .text = "FILE is what 'keyrackd audit export' printed. Every record hangs on the one before by a "
		  "hash, and each day is sealed by keyrackd's key; the first record that was altered, left "
		  "out or put in is named. Nothing is asked of any server. Ends with 1 where it is not whole.",
	  .words_min = 1,
	  .words_max = 1,
	  .options = audit_option,
	  .run = cmd_audit_verify },
	{ .words = "doctor",
	  .usage = "[options]",
	  .summary = "Look for what is wrong, and say what to do",
	  .options = doctor_option,
	  .run = cmd_doctor },
	{ .words = "help",
	  .usage = "[COMMAND]",
	  .summary = "Print help on a command",
	  .words_max = 2,
	  .options = no_option,
	  .run = cmd_help },
	{ .words = NULL },
};
