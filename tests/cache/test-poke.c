/* poke: the socket in a folder with a long path, lines in pieces, and an end that is said once. */
#include "tests/cache/fixture.h"

#include <glib/gstdio.h>
#include <string.h>

#include "cache/poke.h"
#include "core/error.h"

struct heard {
	unsigned mask;
	int changed, statuses, gone;
	struct poke_status status; /* text not kept */
};

static void on_changed(unsigned mask, void *ctx)
{
	struct heard *h = ctx;

	h->mask = mask;
	h->changed++;
}

static void on_status(const struct poke_status *s, void *ctx)
{
	struct heard *h = ctx;

	h->status = *s;
	h->status.text = NULL;
	h->statuses++;
}

static void on_gone(void *ctx)
{
	((struct heard *)ctx)->gone++;
}

static const struct poke_callbacks callbacks = { on_changed, on_status, on_gone };

static gboolean too_late(gpointer data)
{
	*(bool *)data = true;
	return G_SOURCE_REMOVE;
}

/* Turns the loop until *n reaches at_least; fails after five seconds. */
static void await(const int *n, int at_least)
{
	bool late = false;
	guint id = g_timeout_add_seconds(5, too_late, &late);

	while (*n < at_least && !late)
		g_main_context_iteration(NULL, TRUE);
	if (late)
		fail_msg("waited in vain");
	g_source_remove(id);
}

struct place {
	char *base, *folder;
	GSocket *listening;
};

static int place_up(void **state)
{
	struct place *p = g_new0(struct place, 1);
	g_autofree char *deep = g_strnfill(120, 'x');

	p->base = g_dir_make_tmp("keyrack-poke-XXXXXX", NULL);
	p->folder = g_build_filename(p->base, deep, NULL);
	g_mkdir(p->folder, 0700);
	*state = p;
	return 0;
}

static int place_down(void **state)
{
	struct place *p = *state;
	g_autofree char *socket = g_build_filename(p->folder, "poke", NULL);

	g_clear_object(&p->listening);
	g_unlink(socket);
	g_rmdir(p->folder);
	g_rmdir(p->base);
	g_free(p->folder);
	g_free(p->base);
	g_free(p);
	return 0;
}

static GSocket *accepted(GSocket *listening)
{
	g_autoptr(GError) err = NULL;
	GSocket *s;

	g_socket_condition_wait(listening, G_IO_IN, NULL, NULL);
	s = g_socket_accept(listening, NULL, &err);
	assert_no_error(err);
	return s;
}

static void say(GSocket *s, const char *text)
{
	assert_int_equal(g_socket_send(s, text, strlen(text), NULL, NULL), strlen(text));
}

static void lines_arrive_whole_and_the_end_once(void **state)
{
	struct place *p = *state;
	g_autoptr(GError) err = NULL;
	g_autoptr(GSocket) server = NULL;
	struct heard heard = { 0 };
	struct poke_client *client = poke_client_new(p->folder, &callbacks, &heard);
	char buf[100] = "";

	assert_false(poke_client_connect(client, NULL));
	p->listening = poke_listen(p->folder, false, &err);
	assert_no_error(err);
	assert_true(poke_client_connect(client, &err));
	assert_no_error(err);
	server = accepted(p->listening);
	poke_client_send(client, "outbox");
	g_socket_condition_wait(server, G_IO_IN, NULL, NULL);
	assert_true(g_socket_receive(server, buf, sizeof(buf) - 1, NULL, NULL) > 0);
	assert_true(g_str_has_prefix(buf, "hello "));
	assert_true(g_str_has_suffix(buf, "\noutbox\n"));
	say(server, "news of tomorrow\nchanged 5\nchan");
	await(&heard.changed, 1);
	assert_int_equal(heard.mask, POKE_LOCKS | POKE_EVENTS);
	say(server, "ged 8\nstatus phase=waiting next=12 text=connection%20refused colour=red\n");
	await(&heard.changed, 2);
	await(&heard.statuses, 1);
	assert_int_equal(heard.mask, POKE_OUTBOX);
	assert_int_equal(heard.status.phase, SYNC_WAITING);
	assert_int_equal(heard.status.next_at.ms, 12);
	g_socket_close(server, NULL);
	await(&heard.gone, 1);
	assert_false(poke_client_is_connected(client));
	while (g_main_context_iteration(NULL, FALSE))
		;
	assert_int_equal(heard.gone, 1);
	poke_client_free(client);
}

static void a_line_without_end_ends_the_connection(void **state)
{
	struct place *p = *state;
	g_autofree char *flood = g_strnfill(1000, 'a');
	g_autoptr(GSocket) server = NULL;
	struct heard heard = { 0 };
	struct poke_client *client = poke_client_new(p->folder, &callbacks, &heard);

	p->listening = poke_listen(p->folder, false, NULL);
	assert_true(poke_client_connect(client, NULL));
	server = accepted(p->listening);
	for (int i = 0; i < 200 && heard.gone == 0; i++) {
		g_socket_send(server, flood, 1000, NULL, NULL);
		while (g_main_context_iteration(NULL, FALSE))
			;
	}
	assert_int_equal(heard.gone, 1);
	poke_client_free(client);
}

static void only_a_dead_socket_is_taken_over(void **state)
{
	struct place *p = *state;
	g_autoptr(GError) err = NULL;

	p->listening = poke_listen(p->folder, false, &err);
	assert_no_error(err);
	assert_null(poke_listen(p->folder, false, &err));
	assert_true(g_error_matches(err, KEYRACK_ERROR, KEYRACK_ERROR_BUSY));
	g_clear_error(&err);
	g_socket_close(p->listening, NULL); /* the name stays behind, as after a kill */
	g_clear_object(&p->listening);
	p->listening = poke_listen(p->folder, true, &err);
	assert_no_error(err);
}

static void a_status_reads_back_as_written(void **state)
{
	const struct poke_status rows[] = {
		{ .phase = SYNC_FOLLOWING, .live = true, .explains = true, .lag_ms = 4, .ok_at = { 5 },
		  .next_at = { INT64_MIN } },
		{ .phase = SYNC_PULLING, .interval_ms = 2000, .lag_ms = 40, .done = 3,
		  .total = INT64_MAX, .ok_at = { 5 }, .next_at = { INT64_MIN } },
		{ .phase = SYNC_STOPPED, .ok_at = { INT64_MIN }, .next_at = { 99 },
		  .text = (char[]){ "disk full:\nmake room = 5 % é" } },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *line = poke_status_format(&rows[i]);
		struct poke_status got;

		assert_ptr_equal(strchr(line, '\n'), line + strlen(line) - 1);
		assert_true(poke_status_parse(line, &got));
		assert_int_equal(got.phase, rows[i].phase);
		assert_int_equal(got.live, rows[i].live);
		assert_int_equal(got.explains, rows[i].explains);
		assert_int_equal(got.lag_ms, rows[i].lag_ms);
		assert_int_equal(got.interval_ms, rows[i].interval_ms);
		assert_int_equal(got.total, rows[i].total);
		assert_int_equal(got.ok_at.ms, rows[i].ok_at.ms);
		assert_int_equal(got.next_at.ms, rows[i].next_at.ms);
		assert_int_equal(g_strcmp0(got.text, rows[i].text), 0);
		poke_status_clear(&got);
	}
	{
		struct poke_status got;

		assert_false(poke_status_parse("changed 5", &got));
		assert_false(poke_status_parse("", &got));
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(lines_arrive_whole_and_the_end_once, place_up, place_down),
		cmocka_unit_test_setup_teardown(a_line_without_end_ends_the_connection, place_up, place_down),
		cmocka_unit_test_setup_teardown(only_a_dead_socket_is_taken_over, place_up, place_down),
		cmocka_unit_test(a_status_reads_back_as_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
