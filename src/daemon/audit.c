/* audit - see the header. Verifying is 'keyrack audit verify': it needs no store and no keyrackd. */
#include "config.h"

#include "daemon/audit.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "core/error.h"
#include "core/exit.h"
#include "engine/store.h"

enum { AT_ONCE = 1000, DAYS_MAX = 36500 };

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
	/* Whoever keeps this elsewhere must not keep nothing and believe it kept. */
	if (printf("%" G_GINT64_FORMAT ":%s\n", h.no, hex) > 0 && fflush(stdout) == 0)
		return EXIT_OK;
	g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_IO, "The head could not be written: %s", g_strerror(errno));
	return EXIT_FAILED;
}

/* By whose key, one that is there: a new one would have sealed nothing of it. */
static struct audit_signer *signer_of(const struct daemon_options *o, GError **err)
{
	g_autofree char *path = daemon_audit_key(o);

	if (g_file_test(path, G_FILE_TEST_EXISTS))
		return audit_signer_open(path, err);
	g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_NOT_FOUND, "There is no key %s to sign the cut with", path);
	return NULL;
}

static int prune(struct store *store, const struct daemon_options *o, int64_t days, GError **err)
{
	OWN(audit_signer) struct audit_signer *signer = signer_of(o, err);
	struct instant now = instant_now();
	struct audit_head gone;
	char hex[AUDIT_HEX];

	if (!signer || !store_prune_audit(store, signer, g_get_user_name(), instant_add_ms(now, -days * DAY_MS), now,
					  &gone, err))
		return EXIT_FAILED;
	if (gone.no == 0) {
		puts("Nothing was put away: no seal is as old as that.");
		return EXIT_OK;
	}
	audit_hex(gone.hash, hex);
	printf("Put away: everything up to %" G_GINT64_FORMAT ":%s\n", gone.no, hex);
	return EXIT_OK;
}

enum what { EXPORT, HEAD, PRUNE };
static const struct {
	const char *word;
	guint words_min, words_max;
	gint64 least, most; /* of the number */
} subs[] = {
	[EXPORT] = { "export", 2, 3, 0, G_MAXINT64 },
	[HEAD] = { "head", 2, 2, 0, 0 },
	[PRUNE] = { "prune", 3, 3, 1, DAYS_MAX },
};

/* false: it is none of them. *n: the number given, or 0. */
static bool read_words(const GPtrArray *words, enum what *what, gint64 *n)
{
	const char *given = words->len > 2 ? words->pdata[2] : NULL;

	*n = 0;
	for (size_t i = 0; words->len > 1 && i < G_N_ELEMENTS(subs); i++) {
		if (strcmp(words->pdata[1], subs[i].word) != 0)
			continue;
		*what = (enum what)i;
		return words->len >= subs[i].words_min && words->len <= subs[i].words_max &&
		       (!given || g_ascii_string_to_signed(given, 10, subs[i].least, subs[i].most, n, NULL));
	}
	return false;
}

int audit_run(const struct daemon_options *o, const struct args *args, GError **err)
{
	OWN(store) struct store *store = NULL;
	enum what what = EXPORT;
	gint64 n;

	if (!read_words(args->words, &what, &n)) {
		g_set_error_literal(err, KEYRACK_ERROR, KEYRACK_ERROR_USAGE,
				    "It is 'keyrackd audit export', 'keyrackd audit export NUMBER' for what "
				    "came after that record, 'keyrackd audit head', or 'keyrackd audit prune DAYS' "
				    "to keep no more than so many days");
		return EXIT_USAGE;
	}
	if (!g_file_test(strchr(o->store, ':') + 1, G_FILE_TEST_EXISTS)) {
		g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_NOT_FOUND, "There is no store %s", o->store);
		return EXIT_FAILED;
	}
	store = store_open_beside(o->store, err);
	if (!store)
		return EXIT_FAILED;
	return what == EXPORT ? export(store, n, err) : what == HEAD ? head(store, err) : prune(store, o, n, err);
}
