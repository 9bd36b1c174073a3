/* The locks' memories: what a kill, a torn line and a damaged file leave. */
#include "tests/drivers/house.h"

#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/error.h"

#define TWO_DOORS "[lock Door]\ntype = yale_lock\n[lock Other]\ntype = nuki_lock\n"

static struct on_lock code_named(const char *pin, const char *name)
{
	return (struct on_lock){ .pin = pin,
				 .name = name,
				 .starts_at = at("2026-01-05T13:00:00Z"),
				 .ends_at = at("2026-01-07T10:00:00Z"),
				 .enabled = true };
}

static char *everything(struct house *h, const char *name)
{
	return simulated_lock_json(h->driver, house_id(h, name), NULL);
}

static void a_restart_changes_nothing_at_the_doors(void **state)
{
	OWN(house) struct house *h = house_new(TWO_DOORS, 7);
	struct on_lock stays = code_named("482615", "Nguyễn \"Mai\"\n"),
		       goes = code_named("913762", "B");
	struct house_answer a = house_set(h, "Door", NULL, &stays);
	struct house_answer b = house_set(h, "Door", NULL, &goes);
	struct house_answer c = house_remove(h, "Door", b.handle), d;
	g_autofree char *before = NULL, *after = NULL, *born_again = NULL;

	(void)state;
	assert_int_equal(c.result, DRIVER_OK);
	assert_true(simulated_fault(h->driver, house_id(h, "Door"), "jammed", true, NULL));
	before = everything(h, "Door");
	house_restart(h);
	after = everything(h, "Door");
	assert_string_equal(before, after);
	/* And a second time, from what the first restart has written. */
	house_restart(h);
	born_again = everything(h, "Door");
	assert_string_equal(before, born_again);
	/* A handle is never given twice, not even that of a code that is gone. */
	d = house_set(h, "Door", NULL, &goes);
	assert_string_not_equal(d.handle, b.handle);
	house_answer_clear(&a);
	house_answer_clear(&b);
	house_answer_clear(&c);
	house_answer_clear(&d);
}

static void the_file_is_its_owners_alone(void **state)
{
	OWN(house) struct house *h = house_new(TWO_DOORS, 7);
	struct stat st;

	(void)state;
	assert_int_equal(stat(h->memory, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
}

/* The child sets and removes codes and says each acknowledged one on a pipe, until it is killed. */
static void work_until_killed(struct house *h, int fd)
{
	for (int i = 0;; i++) {
		char pin[PIN_MAX + 1], line[64];
		struct on_lock code;
		struct house_answer set;

		g_snprintf(pin, sizeof pin, "%06d", 482615 + i * 7);
		code = code_named(pin, pin);
		set = house_set(h, "Door", NULL, &code);
		if (set.result == DRIVER_OK) {
			g_snprintf(line, sizeof line, "+%s\n", pin);
			if (write(fd, line, strlen(line)) < 0)
				_exit(1);
		}
		if (i % 3 == 2) {
			struct house_answer gone = house_remove(h, "Door", set.handle);

			if (gone.result == DRIVER_OK) {
				g_snprintf(line, sizeof line, "-%s\n", pin);
				if (write(fd, line, strlen(line)) < 0)
					_exit(1);
			}
			house_answer_clear(&gone);
		}
		house_answer_clear(&set);
	}
}

static bool lock_holds(struct house *h, const char *pin)
{
	g_autofree char *json = everything(h, "Door");
	g_autofree char *member = g_strdup_printf("\"code\":\"%s\"", pin);

	return strstr(json, member);
}

/* What was acknowledged by the last byte that came through the pipe is in the lock. */
static void check_acknowledged(struct house *h, const char *said)
{
	g_autoptr(GHashTable) held = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_auto(GStrv) lines = g_strsplit(said, "\n", -1);
	GHashTableIter iter;
	gpointer pin;

	for (char **line = lines; *line && line[1]; line++) {
		if (**line == '+')
			g_hash_table_add(held, g_strdup(*line + 1));
		else
			g_hash_table_remove(held, *line + 1);
	}
	g_hash_table_iter_init(&iter, held);
	while (g_hash_table_iter_next(&iter, &pin, NULL)) {
		/* The last one may have been removed without the word of it having come through. */
		if (!lock_holds(h, pin) &&
		    !g_str_has_prefix(lines[g_strv_length(lines) - 2] + 1, pin))
			fail_msg("a code that was acknowledged is gone");
	}
	for (char **line = lines; *line && line[1]; line++) {
		if (**line == '-' && lock_holds(h, *line + 1))
			fail_msg("a code that was removed is back");
	}
}

static void a_kill_leaves_every_acknowledged_code(void **state)
{
	static const int after_lines[] = { 1, 2, 5, 9, 14, 23 };

	(void)state;
	FOR_ROWS(i, after_lines)
	{
		OWN(house)
		struct house *h = house_new("[lock Door]\ntype = yale_lock\nslots = 5000\n"
					    "lengths = 6\n",
					    7);
		g_autoptr(GString) said = g_string_new(NULL);
		int fds[2], lines = 0;
		char byte;
		pid_t child;

		assert_int_equal(pipe(fds), 0);
		child = fork();
		assert_true(child >= 0);
		if (child == 0) {
			close(fds[0]);
			work_until_killed(h, fds[1]);
		}
		close(fds[1]);
		while (lines < after_lines[i] && read(fds[0], &byte, 1) == 1) {
			g_string_append_c(said, byte);
			lines += byte == '\n';
		}
		assert_int_equal(kill(child, SIGKILL), 0);
		while (read(fds[0], &byte, 1) == 1)
			g_string_append_c(said, byte);
		assert_int_equal(waitpid(child, NULL, 0), child);
		close(fds[0]);
		house_restart(h);
		check_acknowledged(h, said->str);
	}
}

static void change_file(struct house *h, const char *from, const char *to, const char *end)
{
	g_autofree char *text = NULL;
	g_autoptr(GString) changed = NULL;

	assert_true(g_file_get_contents(h->memory, &text, NULL, NULL));
	changed = g_string_new(text);
	if (from)
		assert_true(g_string_replace(changed, from, to, 1) > 0);
	g_string_append(changed, end);
	assert_true(g_file_set_contents(h->memory, changed->str, -1, NULL));
}

static void a_line_that_was_never_finished_is_dropped(void **state)
{
	OWN(house) struct house *h = house_new(TWO_DOORS, 7);
	struct on_lock code = code_named("482615", "A");
	struct house_answer a = house_set(h, "Door", NULL, &code);
	g_autofree char *before = everything(h, "Door"), *after = NULL;

	(void)state;
	change_file(h, NULL, NULL, "{\"op\":\"code\",\"lock\":\"");
	house_restart(h);
	after = everything(h, "Door");
	assert_string_equal(before, after);
	house_answer_clear(&a);
}

static void a_damaged_file_is_refused_and_left_alone(void **state)
{
	static const struct {
		const char *name, *from, *to;
		enum keyrack_error code;
	} row[] = {
		{ "no JSON", "{\"op\":\"lock\"", "{\"op:\"lock\"", KEYRACK_ERROR_CORRUPT },
		{ "unknown op", "\"op\":\"lock\"", "\"op\":\"look\"", KEYRACK_ERROR_CORRUPT },
		{ "no instant", "\"at\":\"2026", "\"at\":\"two\"", KEYRACK_ERROR_CORRUPT },
		{ "cut behind its middle", "{\"op\":\"whole\"}\n", "", KEYRACK_ERROR_CORRUPT },
		{ "newer", "\"version\":2", "\"version\":3", KEYRACK_ERROR_TOO_NEW },
	};

	(void)state;
	FOR_ROWS(i, row)
	{
		OWN(house) struct house *h = house_new(TWO_DOORS, 7);
		g_autoptr(GError) why = NULL;
		g_autofree char *before = NULL, *after = NULL;
		struct simulated_options opt = { .property = h->property, .memory = h->memory };

		change_file(h, row[i].from, row[i].to, "");
		assert_true(g_file_get_contents(h->memory, &before, NULL, NULL));
		assert_null(simulated_new(h->clock, &opt, &why));
		ROW_INT(row[i].name, why->domain == KEYRACK_ERROR && why->code == (int)row[i].code,
			1);
		assert_true(g_file_get_contents(h->memory, &after, NULL, NULL));
		ROW_TEXT(row[i].name, after, before);
	}
}

static void times_of_the_declared_codes_count_from_the_first_start(void **state)
{
	OWN(house)
	struct house *h =
		house_new("[lock Door]\ntype = yale_lock\n"
			  "[code A]\ndoor = Door\nname = A\nfrom = in 45 min\nuntil = 3 11:00\n",
			  7);
	size_t n;
	const struct simulated_code *codes = simulated_property_codes(h->driver, &n);
	struct instant starts_at = codes[0].starts_at;

	(void)state;
	assert_int_equal(n, 1);
	assert_int_equal(starts_at.ms, at("2026-01-05T12:45:00Z").ms);
	assert_int_equal(codes[0].ends_at.ms, at("2026-01-08T10:00:00Z").ms);
	house_until(h, "2026-01-07T12:00:00Z");
	house_restart(h);
	codes = simulated_property_codes(h->driver, &n);
	assert_int_equal(n, 1);
	assert_int_equal(codes[0].starts_at.ms, starts_at.ms);
}

static void what_was_there_from_the_beginning_does_not_come_back(void **state)
{
	OWN(house)
	struct house *h = house_new("[lock Door]\ntype = yale_lock\nfaults = jammed\n"
				    "[unmanaged Old]\ndoor = Door\nname = Old\npin = 4711\n",
				    7);
	struct simulated_change removal = { .remove = true };
	g_autofree char *pin = house_json(h, "Door", "codes.0.code");
	g_autofree char *fault = house_json(h, "Door", "faults.0");
	g_autofree char *pin_after = NULL, *fault_after = NULL;

	(void)state;
	assert_text(pin, "4711");
	assert_text(fault, "jammed");
	assert_true(simulated_app(h->driver, house_id(h, "Door"), NULL, "4711", &removal, NULL));
	assert_true(simulated_fault(h->driver, house_id(h, "Door"), "jammed", false, NULL));
	house_restart(h);
	pin_after = house_json(h, "Door", "codes.0.code");
	fault_after = house_json(h, "Door", "faults.0");
	assert_null(pin_after);
	assert_null(fault_after);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_restart_changes_nothing_at_the_doors),
		cmocka_unit_test(the_file_is_its_owners_alone),
		cmocka_unit_test(a_kill_leaves_every_acknowledged_code),
		cmocka_unit_test(a_line_that_was_never_finished_is_dropped),
		cmocka_unit_test(a_damaged_file_is_refused_and_left_alone),
		cmocka_unit_test(times_of_the_declared_codes_count_from_the_first_start),
		cmocka_unit_test(what_was_there_from_the_beginning_does_not_come_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
