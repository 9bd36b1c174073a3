/* Every way to mistype a command line ends with exit code 2 and a sentence that helps. */
#include "config.h"

#include "tests/cli/desk.h"

#include <string.h>

static const struct {
	const char *line, *says;
} wrong_row[] = {
	{ "lokcs", "is 'locks' meant?" },
	{ "frobnicate", "see 'keyrack help'" },
	{ "code", "needs one of: create, show, edit, delete" },
	{ "code crate", "takes one of: create, show, edit, delete" },
	{ "locks --jsn", "is --json meant?" },
	{ "locks --frobnicate", "no option --frobnicate" },
	{ "--frobnicate", "no option --frobnicate" },
	{ "locks -x", "no option -x" },
	{ "locks --sort", "--sort needs a value: --sort WHAT" },
	{ "locks --sort colour", "cannot be sorted by 'colour'" },
	{ "locks --json=yes", "--json takes no value" },
	{ "locks --find a --find b", "--find is given twice" },
	{ "locks 101", "'101' is one word too many" },
	{ "codes extra", "'extra' is one word too many" },
	{ "codes --lock", "--lock needs a value" },
	{ "codes --lock --json", "--lock needs a value" },
	{ "events extra", "one word too many" },
	{ "events --limit many", "--limit takes a number" },
	{ "events --limit -3", "--limit takes a number" },
	{ "events --kind party", "no kind 'party'" },
	{ "events --since blursday", "blursday" },
	{ "code create", "--name is needed" },
	{ "code create --name x", "--lock is needed" },
	{ "code create --lock Gym --name x --pin 1234", "every user of this computer" },
	{ "code create --lock Gym --name x --pin=1234", "every user of this computer" },
	{ "code create --lock Gym --name x --code 1234", "every user of this computer" },
	{ "code create --lock Gym --name x --timeout soon", "--timeout takes a number" },
	{ "code create --lock Gym --name x --until blursday", "--until:" },
	{ "code create --lock Gym --name x --from +1h", "An end is needed too" },
	{ "code create --lock Gym --name x --from +3h --until 2026-11-22T21:00:00Z",
	  "must come after the start" },
	{ "code create --lock Gym --name ' '", "A name is needed" },
	{ "code create --lock Gym --name x --one-time", "Only offline codes" },
	{ "code create --lock Gym --name x --offline", "no offline codes" },
	{ "code create --lock Gym --name x --backup-pool", "for codes with a window" },
	{ "code create --lock Gym --name x --pin-file /nonexistent/pin", "/nonexistent/pin" },
	{ "code create --lock Gym --name x --pin-file /dev/null", "must be a PIN" },
	{ "code show", "keyrack code show NAME|ID" },
	{ "code show a b", "'b' is one word too many" },
	{ "code edit 'Anna Berg'", "Nothing to change" },
	{ "code edit 'Anna Berg' --ongoing --until +1d", "leave --from and --until out" },
	{ "code edit Plumber --name x", "not managed from here" },
	{ "code edit", "keyrack code edit NAME|ID" },
	{ "code delete", "keyrack code delete NAME|ID" },
	{ "code delete 'Anna Berg'", "add --yes" },
	{ "unlock Gym", "add --yes" },
	{ "lock", "keyrack lock NAME" },
	{ "outbox withdraw", "keyrack outbox withdraw N" },
	{ "outbox withdraw x", "'x' is no number" },
	{ "outbox nonsense", "one word too many" },
	{ "sync now", "one word too many" },
	{ "sync --ready-fd x", "takes a number" },
	{ "--read-only sync", "--read-only was given" },
	{ "--read-only code create --lock Gym --name x", "--read-only was given" },
	{ "--read-only code delete Ito --yes", "--read-only was given" },
	{ "--read-only unlock Gym --yes", "--read-only was given" },
	{ "doctor extra", "one word too many" },
	{ "help nonsense", "There is no command 'nonsense'" },
};

static void a_wrong_command_line_is_exit_2_and_a_sentence(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(wrong_row); i++) {
		const struct outcome *o = desk_run_line(wrong_row[i].line);
		if (o->code != EXIT_USAGE || !strstr(o->err, wrong_row[i].says) || *o->out)
			fail_msg("%s: exit %d, said: %s%s", wrong_row[i].line, o->code, o->err,
				 o->out);
	}
}

static void a_pin_that_was_typed_is_not_repeated(void **state)
{
	(void)state;
	assert_silent_about(desk_run_line("code create --pin 739182")->err, "739182");
	assert_silent_about(desk_run_line("code create --pin=739182")->err, "739182");
}

static const struct {
	const char *line, *says;
} fine_row[] = {
	{ "--version", "keyrack " PACKAGE_VERSION },
	{ "locks --version", "keyrack " PACKAGE_VERSION },
	{ "--help", "Commands:" },
	{ "help", "code create" },
	{ "code create --help", "--pin-file FILE" },
	{ "help code create", "--pin-file FILE" },
	{ "--ascii help events", "--follow" },
	{ "--print-config", "[profile house]" },
	{ "locks --find=Gym", "Gym" },
	{ "--profile default locks", "Gym" },
	{ "locks -p default", "Gym" },
	{ "codes -l Gym", "Plumber" },
};

static void options_stand_before_and_behind_the_command(void **state)
{
	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(fine_row); i++) {
		const struct outcome *o = desk_run_line(fine_row[i].line);
		if (o->code != EXIT_OK || !strstr(o->out, fine_row[i].says))
			fail_msg("%s: exit %d, said: %s%s", fine_row[i].line, o->code, o->out,
				 o->err);
	}
}

/* The table is what help, manual and completion are made of: each row must be whole. */
static void every_command_has_its_words(void **state)
{
	(void)state;
	for (const struct cli_command *c = cli_command; c->words; c++) {
		g_autofree char *line = g_strdup_printf("%s --help", c->words);
		const struct outcome *o = desk_run_line(line);
		assert_int_equal(o->code, EXIT_OK);
		assert_says(o->out, c->summary);
		assert_non_null(c->run);
		for (const struct option_row *row = c->options; row->name; row++) {
			assert_non_null(row->help);
			if (row->kind == OPTION_REFUSED || row->kind == OPTION_HIDDEN)
				continue;
			assert_says(o->out, row->name);
			assert_true(option_takes_value(row) == (row->value != NULL));
		}
	}
}

int main(void)
{
	const struct CMUnitTest test[] = {
		cmocka_unit_test_setup_teardown(a_wrong_command_line_is_exit_2_and_a_sentence,
						desk_up, desk_down),
		cmocka_unit_test_setup_teardown(a_pin_that_was_typed_is_not_repeated, desk_up,
						desk_down),
		cmocka_unit_test_setup_teardown(options_stand_before_and_behind_the_command,
						desk_up, desk_down),
		cmocka_unit_test_setup_teardown(every_command_has_its_words, desk_up, desk_down),
	};
	return cmocka_run_group_tests(test, NULL, NULL);
}
