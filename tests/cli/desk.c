/* desk - see the header. */
#include "config.h"

#include "tests/cli/desk.h"

#include <glib/gstdio.h>
#include <string.h>

static struct fixture *house;
static struct outcome last;

static void set_environment(const char *folder)
{
	/* Nothing of the tester's own configuration may be read. */
	g_setenv("XDG_CONFIG_HOME", folder, TRUE);
	g_setenv("KEYRACK_CACHE", folder, TRUE);
	g_setenv("KEYRACK_ENDPOINT", "http://127.0.0.1:9", TRUE);
	g_setenv("KEYRACK_API_KEY", "seam_test_key", TRUE);
	g_setenv("TZ", "Europe/Berlin", TRUE);
}

static void put_locks(struct cache *c)
{
	struct lock lock = a_lock("dev-101", "101 Garden");

	lock.object = "{\"device_id\":\"dev-101\",\"display_name\":\"101 Garden\","
		      "\"properties\":{\"online\":true}}";
	lock.code_lengths = "[6]";
	put_lock(c, lock);
	lock = a_lock("dev-102", "102 Garden");
	lock.online = TRI_NO;
	lock.object = "{\"device_id\":\"dev-102\"}";
	lock.errors = "[{\"error_code\":\"device_disconnected\",\"message\":\"gone\","
		      "\"is_device_error\":true}]";
	put_lock(c, lock);
	lock = a_lock("dev-gym", "Gym");
	lock.code_lengths = "[4,6]";
	lock.object = "{\"device_id\":\"dev-gym\"}";
	put_lock(c, lock);
}

static void put_codes(struct cache *c)
{
	struct access_code ac = a_code("code-anna", "dev-101", "Anna Berg", PIN_ANNA);

	put_code(c, ac);
	ac = a_code("code-ito", "dev-101", "Ito", PIN_ITO);
	ac.type = "time_bound";
	ac.time_bound = true;
	ac.status = "unset";
	ac.starts_at = AFTER(DAY_MS);
	ac.ends_at = AFTER(3 * DAY_MS);
	ac.rest = "{\"dormakaba_oracode_metadata\":{\"stay_id\":7}}";
	ac.pending_mutations = "[{\"mutation_code\":\"updating_code\",\"message\":\"\",\"from\":"
			       "{\"code\":\"" PIN_ITO "\"},\"to\":{\"code\":\"119933\"}}]";
	put_code(c, ac);
	ac = a_code("code-dubois", "dev-102", "Dubois", "551177");
	ac.pulled_backup_access_code_id = "code-ito";
	ac.errors = "[{\"error_code\":\"no_space_for_access_code_on_device\",\"message\":\"full\","
		    "\"is_access_code_error\":true}]";
	put_code(c, ac);
	put_code(c, a_code("code-twin-1", "dev-102", "Twin", "882211"));
	put_code(c, a_code("code-twin-2", "dev-gym", "Twin", "993377"));
	ac = a_code("code-stray", "dev-gym", "Plumber", "4466");
	ac.managed = false;
	put_code(c, ac);
}

static void put_events(struct cache *c)
{
	g_autoptr(GError) err = NULL;
	struct event ev = an_event("ev-1", "lock.unlocked", "dev-101", AFTER(-HOUR_MS));

	ev.access_code_id = "code-anna";
	ev.method = "keycode";
	ev.object = "{\"event_id\":\"ev-1\",\"event_type\":\"lock.unlocked\",\"code\":\"" PIN_ANNA
		    "\",\"device_id\":\"dev-101\"}";
	cache_put_event(c, &ev, &err);
	assert_no_error(err);
	ev = an_event("ev-2", "device.disconnected", "dev-102", AFTER(-MINUTE_MS));
	ev.object = "{\"event_id\":\"ev-2\",\"event_type\":\"device.disconnected\"}";
	cache_put_event(c, &ev, &err);
	assert_no_error(err);
}

int desk_up(void **state)
{
	if (fixture_up(state) != 0)
		return -1;
	house = *state;
	set_environment(house->folder);
	put_locks(house->sync);
	put_codes(house->sync);
	put_events(house->sync);
	desk_fact(state, "ok_at", NOW.ms - 1000);
	return 0;
}

static void clear_last(void)
{
	g_free(last.out);
	g_free(last.err);
	last = (struct outcome){ 0 };
}

int desk_down(void **state)
{
	clear_last();
	house = NULL;
	return fixture_down(state);
}

struct fixture *desk_house(void **state)
{
	return *state;
}

void desk_fact(void **state, const char *key, int64_t n)
{
	g_autoptr(GError) err = NULL;
	g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT, n);

	cache_fact_set(desk_house(state)->sync, key, text, &err);
	assert_no_error(err);
}

static const struct outcome *run(char *const *argv)
{
	struct cli cli = { .now = NOW };
	char *out = NULL, *err = NULL;
	size_t out_len, err_len;

	clear_last();
	cli.out = open_memstream(&out, &out_len);
	cli.err = open_memstream(&err, &err_len);
	last.code = cli_run(&cli, argv);
	cli_done(&cli);
	fclose(cli.out);
	fclose(cli.err);
	last.out = g_strdup(out);
	last.err = g_strdup(err);
	free(out);
	free(err);
	return &last;
}

const struct outcome *desk_run(const char *first, ...)
{
	g_autoptr(GPtrArray) argv = g_ptr_array_new_with_free_func(g_free);
	va_list ap;

	va_start(ap, first);
	for (const char *word = first; word; word = va_arg(ap, const char *))
		g_ptr_array_add(argv, g_strdup(word));
	va_end(ap);
	g_ptr_array_add(argv, NULL);
	return run((char *const *)argv->pdata);
}

const struct outcome *desk_run_line(const char *line)
{
	g_auto(GStrv) argv = NULL;

	if (!*line)
		argv = g_new0(char *, 1);
	else if (!g_shell_parse_argv(line, NULL, &argv, NULL))
		fail_msg("not a command line: %s", line);
	return run(argv);
}
