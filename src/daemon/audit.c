/* audit - see the header. Verifying is 'keyrack audit verify': it needs no store and no keyrackd. */
#include "config.h"

#include "daemon/audit.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "core/error.h"
#include "core/exit.h"
#include "engine/store.h"

enum { AT_ONCE = 1000 };

/* In blocks: a store of years is not read into memory. keyrackd's writes go on between them. */
static int export(struct store *store, int64_t after, GError **err)
{
	for (;;) {
		OWN(store_list) struct store_list *l = store_audit_lines(store, after, AT_ONCE, err);

		for (guint i = 0; l && i < l->rows->len; i++) {
			const struct store_audit *a = store_at(l, struct store_audit, i);
			g_autoptr(GString) line = g_string_new(NULL);

			audit_whole(line, a->line, a->hash);
			after = a->no;
			if (puts(line->str) < 0 && errno == EPIPE)
				return EXIT_OK; /* whoever reads has seen enough */
			if (ferror(stdout)) {
				g_set_error_literal(err, KEYRACK_ERROR, KEYRACK_ERROR_IO,
						    "The audit could not be written: is the disk full?");
				return EXIT_CACHE;
			}
		}
		if (!l || l->rows->len < AT_ONCE)
			return l ? EXIT_OK : EXIT_FAILED;
	}
}

static int head(struct store *store, GError **err)
{
	struct audit_head h;
	char hex[AUDIT_HEX];

	if (!store_audit_head(store, &h, err))
		return EXIT_FAILED;
	audit_hex(h.hash, hex);
	printf("%" G_GINT64_FORMAT ":%s\n", h.no, hex);
	return EXIT_OK;
}

int audit_run(const char *url, const struct args *args, GError **err)
{
	const GPtrArray *words = args->words;
	const char *what = words->len > 1 ? words->pdata[1] : "";
	const char *after = words->len > 2 ? words->pdata[2] : "0";
	bool is_export = strcmp(what, "export") == 0 && words->len <= 3;
	OWN(store) struct store *store = NULL;
	gint64 n;

	if ((!is_export && (strcmp(what, "head") != 0 || words->len != 2)) ||
	    !g_ascii_string_to_signed(after, 10, 0, G_MAXINT64, &n, NULL)) {
		g_set_error_literal(err, KEYRACK_ERROR, KEYRACK_ERROR_USAGE,
				    "It is 'keyrackd audit export', 'keyrackd audit export NUMBER' for what "
				    "came after that record, or 'keyrackd audit head'");
		return EXIT_USAGE;
	}
	if (!g_file_test(strchr(url, ':') + 1, G_FILE_TEST_EXISTS)) {
		g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_NOT_FOUND, "There is no store %s", url);
		return EXIT_FAILED;
	}
	store = store_open_beside(url, err);
	if (!store)
		return EXIT_FAILED;
	return is_export ? export(store, n, err) : head(store, err);
}
