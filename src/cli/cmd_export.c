/* keyrack export - the access codes in a file, for 'keyrack restore' and for whoever asks later. */
#include "config.h"

#include <errno.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/json.h"
#include "core/codes_file.h"

enum { PAGE = 20000 };

/* The device_ids of the locks that are named, ended by NULL; NULL without --lock, or with err. */
static GPtrArray *locks_of(struct cli *cli, const struct args *args, GArray *numbers, GError **err)
{
	const GPtrArray *names = args_texts(args, "lock");
	GPtrArray *ids = g_ptr_array_new_with_free_func(g_free);

	for (guint i = 0; i < names->len; i++) {
		int64_t lock_no = cache_lock_find(cli->cache, names->pdata[i], err);
		OWN(cache_list)
		struct cache_list *list = lock_no ? cache_lock(cli->cache, lock_no, cli->now, err) : NULL;

		if (!list) {
			g_ptr_array_unref(ids);
			return NULL;
		}
		g_array_append_val(numbers, lock_no);
		g_ptr_array_add(ids, g_strdup(cache_list_at(list, struct lock_row, 0)->lock.device_id));
	}
	g_ptr_array_add(ids, NULL);
	return ids;
}

/* How many; -1 failed. */
static int write_codes(struct cli *cli, int64_t lock_no, GString *out, GError **err)
{
	struct code_query q = {
		.lock_no = lock_no, .from = INSTANT_NONE, .until = INSTANT_NONE, .limit = PAGE,
	};
	int n = 0;
	guint got;

	do {
		OWN(cache_list) struct cache_list *list = cache_codes(cli->cache, &q, cli->now, err);

		if (!list)
			return -1;
		got = list->rows->len;
		for (guint i = 0; i < got; i++) {
			const struct code_row *row = cache_list_at(list, struct code_row, i);
			g_autoptr(GString) line = g_string_new(NULL);

			/* What was never sent is no code yet. */
			if (!row->code_no)
				continue;
			json_code(line, row, cli->pins);
			codes_file_line(out, line->str);
			explicit_bzero(line->str, line->len);
			n++;
		}
		q.offset += (int)got;
	} while (got == PAGE);
	return n;
}

static int write_all(struct cli *cli, const GArray *locks, GString *out, GError **err)
{
	int n = 0;

	if (!locks->len)
		return write_codes(cli, 0, out, err);
	for (guint i = 0; i < locks->len; i++) {
		int one = write_codes(cli, g_array_index(locks, int64_t, i), out, err);

		if (one < 0)
			return -1;
		n += one;
	}
	return n;
}

static bool save(struct cli *cli, const char *path, const GString *out, GError **err)
{
	g_autoptr(GError) why = NULL;
	bool ok;

	if (strcmp(path, "-") == 0) {
		ok = fwrite(out->str, 1, out->len, cli->out) == out->len && fflush(cli->out) == 0;
		if (!ok)
			g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_IO, "The export could not be written: %s",
				    g_strerror(errno));
		return ok;
	}
	ok = g_file_set_contents_full(path, out->str, (gssize)out->len,
				      G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600, &why);
	if (!ok)
		g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_IO, "%s", why->message);
	return ok;
}

int cmd_export(struct cli *cli, const struct args *args, GError **err)
{
	const char *path = args->words->pdata[0];
	g_autoptr(GArray) locks = g_array_new(FALSE, FALSE, sizeof(int64_t));
	g_autoptr(GPtrArray) ids = locks_of(cli, args, locks, err);
	g_autoptr(GString) out = g_string_new(NULL);
	struct codes_file_head head = { .property = cli->profile->id, .made_at = cli->now, .pins = cli->pins };
	g_autofree char *about = NULL;
	int n;

	if (!ids)
		return EXIT_NOT_FOUND;
	head.device_ids = locks->len ? (char **)ids->pdata : NULL;
	codes_file_begin(out, &head);
	n = write_all(cli, locks, out, err);
	if (n < 0)
		return EXIT_CACHE;
	codes_file_end(out, n);
	about = g_strdup_printf("%d codes %s PINs to %s", n, cli->pins ? "with" : "without",
				strcmp(path, "-") == 0 ? "standard output" : path);
	/* Who took PINs out of the house is known before they are out. */
	if (!cache_note_act(cli->cache, "export", about, g_get_user_name(), cli->now, err))
		return EXIT_CACHE;
	if (!save(cli, path, out, err)) {
		explicit_bzero(out->str, out->len);
		return EXIT_USAGE;
	}
	explicit_bzero(out->str, out->len);
	if (strcmp(path, "-") != 0)
		cli_say(cli->err, "keyrack: %s", about);
	cli_note_age(cli);
	return EXIT_OK;
}
