/* Where keyrackd listens: unix sockets, addresses and ports, TLS; and what makes no sense. */
#include "config.h"

#include "tests/server/site.h"

#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

static void a_unix_socket_is_for_owner_and_group(void **state)
{
	SITE s = site_of((struct http_options){ 0 });
	struct stat st;

	(void)state;
	assert_int_equal(stat(s.path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0660);
	assert_true(g_str_has_prefix(http_endpoint(s.http), "unix:/"));
}

static void a_socket_left_behind_is_taken_over_and_a_living_one_is_not(void **state)
{
	SITE s = site_of((struct http_options){ 0 });
	g_autofree char *listen = g_strconcat("unix:", s.path, NULL);
	struct http_options opt = { .listen = listen };
	g_autoptr(GError) err = NULL;
	g_autoptr(GSocketAddress) at = site_address(&s);
	g_autoptr(GSocket) dead = NULL;

	(void)state;
	assert_null(http_new(s.rig->server, &opt, &err));
	assert_true(g_error_matches(err, KEYRACK_ERROR, KEYRACK_ERROR_IO));
	http_free(s.http);
	dead = g_socket_new(G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM, 0, NULL);
	assert_true(g_socket_bind(dead, at, FALSE, NULL));
	g_socket_close(dead, NULL);
	assert_true(g_file_test(s.path, G_FILE_TEST_EXISTS));
	s.http = http_new(s.rig->server, &opt, NULL);
	assert_non_null(s.http);
}

static const struct listen_row {
	const char *listen, *cert, *key;
	int code;
} refused[] = {
	{ "0.0.0.0:0", NULL, NULL, KEYRACK_ERROR_CONFIG },
	{ "[::]:0", NULL, NULL, KEYRACK_ERROR_CONFIG },
	{ "192.0.2.1:7171", NULL, NULL, KEYRACK_ERROR_CONFIG },
	{ "7171", NULL, NULL, KEYRACK_ERROR_CONFIG },
	{ "127.0.0.1:", NULL, NULL, KEYRACK_ERROR_CONFIG },
	{ "127.0.0.1:70000", NULL, NULL, KEYRACK_ERROR_CONFIG },
	{ "127.0.0.1:-1", NULL, NULL, KEYRACK_ERROR_CONFIG },
	{ "::1:7171", NULL, NULL, KEYRACK_ERROR_CONFIG },
	{ "unix:", NULL, NULL, KEYRACK_ERROR_CONFIG },
	{ "unix:relative", NULL, NULL, KEYRACK_ERROR_CONFIG },
	{ "unix:/no/such/folder/s", NULL, NULL, KEYRACK_ERROR_IO },
	{ "unix:/dev/null", NULL, NULL, KEYRACK_ERROR_IO },
	{ "", NULL, NULL, KEYRACK_ERROR_CONFIG },
	{ NULL, NULL, NULL, KEYRACK_ERROR_CONFIG },
	{ "127.0.0.1:0", "/dev/null", NULL, KEYRACK_ERROR_CONFIG },
	{ "127.0.0.1:0", "/no/such/file", "/no/such/file", KEYRACK_ERROR_CONFIG },
	{ "127.0.0.1:0", "/dev/null", "/dev/null", KEYRACK_ERROR_CONFIG },
	{ "unix:/tmp/never-made", "/dev/null", "/dev/null", KEYRACK_ERROR_CONFIG },
};

static void what_makes_no_sense_is_said_at_the_start(void **state)
{
	OWN(rig) struct rig *r = rig_new("[lock Door]\ntype = august_lock\n");

	(void)state;
	FOR_ROWS (i, refused) {
		struct http_options opt = { .listen = refused[i].listen,
					    .tls_cert = refused[i].cert,
					    .tls_key = refused[i].key };
		g_autoptr(GError) err = NULL;
		const char *name = refused[i].listen ? refused[i].listen : "(none)";

		ROW_INT(name, http_new(r->server, &opt, &err) == NULL, true);
		ROW_INT(name, err->code, refused[i].code);
	}
}

static void a_port_in_use_is_said(void **state)
{
	SITE s = site_of((struct http_options){ .listen = "127.0.0.1:0" });
	g_autofree char *same = g_strdup(http_endpoint(s.http) + strlen("http://"));
	struct http_options opt = { .listen = same };
	g_autoptr(GError) err = NULL;

	(void)state;
	assert_false(g_str_has_suffix(same, ":0"));
	assert_null(http_new(s.rig->server, &opt, &err));
	assert_true(g_error_matches(err, KEYRACK_ERROR, KEYRACK_ERROR_IO));
}

/* ---- TLS ---- */

static void on_exit_of(GObject *process, GAsyncResult *result, gpointer done)
{
	g_subprocess_wait_finish(G_SUBPROCESS(process), result, NULL);
	*(bool *)done = true;
}

static void tls_is_spoken_with_certificate_files(void **state)
{
	g_autofree char *openssl = g_find_program_in_path("openssl");
	g_autofree char *curl = g_find_program_in_path("curl");
	g_autofree char *folder = g_dir_make_tmp("keyrack-tls-XXXXXX", NULL);
	g_autofree char *cert = g_build_filename(folder, "cert.pem", NULL);
	g_autofree char *key = g_build_filename(folder, "key.pem", NULL);
	g_autofree char *at = NULL;
	const char *out;
	gsize len;

	(void)state;
	if (!openssl || !curl) {
		print_message("no %s: TLS is not tried\n", openssl ? "curl" : "openssl");
		g_rmdir(folder);
		skip();
	}
	g_autoptr(GSubprocess) make = g_subprocess_new(
		G_SUBPROCESS_FLAGS_STDERR_SILENCE, NULL, openssl, "req", "-x509", "-newkey", "ec",
		"-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj",
		"/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out",
		cert, NULL);
	assert_true(g_subprocess_wait_check(make, NULL, NULL));
	{
		SITE s = site_of((struct http_options){
			.listen = "127.0.0.1:0", .tls_cert = cert, .tls_key = key });
		bool done = false;

		assert_true(g_str_has_prefix(http_endpoint(s.http), "https://127.0.0.1:"));
		at = g_strconcat(http_endpoint(s.http), "/t/open", NULL);
		g_autoptr(GSubprocess) client =
			g_subprocess_new(G_SUBPROCESS_FLAGS_STDOUT_PIPE, NULL, curl, "-sS",
					 "--noproxy", "*", "--cacert", cert, at, at, NULL);
		g_subprocess_wait_async(client, NULL, on_exit_of, &done);
		site_until(&done);
		g_autoptr(GBytes) got = g_input_stream_read_bytes(
			g_subprocess_get_stdout_pipe(client), 4096, NULL, NULL);
		out = g_bytes_get_data(got, &len);
		assert_int_equal(len, 2 * strlen("{\"say\":null,\"ok\":true}"));
		assert_memory_equal(out, "{\"say\":null,\"ok\":true}", len / 2);
	}
	g_unlink(cert);
	g_unlink(key);
	g_rmdir(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_unix_socket_is_for_owner_and_group),
		cmocka_unit_test(a_socket_left_behind_is_taken_over_and_a_living_one_is_not),
		cmocka_unit_test(what_makes_no_sense_is_said_at_the_start),
		cmocka_unit_test(a_port_in_use_is_said),
		cmocka_unit_test(tls_is_spoken_with_certificate_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
