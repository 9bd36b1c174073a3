/* test-vault - secrets sealed and found again; keys that are lost, wrong, cut, or open to others. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <glib/gstdio.h>
#include <signal.h>

#include "core/error.h"
#include "core/vault.h"

struct place {
	char *folder, *inner, *path;
};

static int up(void **state)
{
	struct place *p = g_new0(struct place, 1);

	p->folder = g_dir_make_tmp("vault-XXXXXX", NULL);
	p->inner = g_build_filename(p->folder, "state", NULL);
	p->path = g_build_filename(p->inner, "vault.key", NULL);
	*state = p;
	return 0;
}

static void empty(const char *folder)
{
	g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
	const char *name;

	while (dir && (name = g_dir_read_name(dir))) {
		g_autofree char *path = g_build_filename(folder, name, NULL);

		g_remove(path);
	}
}

static int down(void **state)
{
	struct place *p = *state;

	g_unsetenv("CREDENTIALS_DIRECTORY");
	g_chmod(p->inner, 0700);
	empty(p->inner);
	empty(p->folder);
	g_rmdir(p->folder);
	g_free(p->path);
	g_free(p->inner);
	g_free(p->folder);
	g_free(p);
	return 0;
}

static struct vault *made(const char *path)
{
	g_autoptr(GError) err = NULL;
	struct vault *v = vault_open(path, VAULT_MAKE, &err);

	if (!v)
		fail_msg("%s", err->message);
	return v;
}

static int files_in(const char *folder)
{
	g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
	int n = 0;

	while (dir && g_dir_read_name(dir))
		n++;
	return n;
}

static void what_is_sealed_opens_and_says_nothing(void **state)
{
	struct place *p = *state;
	OWN(vault) struct vault *v = made(p->path);
	g_autofree char *long_one = g_strnfill(5000, 'x');
	const char *const secrets[] = { "4821", "", "118264", "0000", "{\"code\":\"4821\"}", "ä ~ \n", long_one };

	for (size_t i = 0; i < G_N_ELEMENTS(secrets); i++) {
		g_autofree char *a = vault_seal(v, 0, "code/1", secrets[i]),
				*b = vault_seal(v, 0, "code/1", secrets[i]);
		char *opened = vault_unseal(v, "code/1", a, NULL);

		assert_non_null(opened);
		assert_string_equal(opened, secrets[i]);
		assert_true(vault_is_sealed(a));
		assert_string_not_equal(a, b); /* nobody sees that two are the same */
		assert_true(!*secrets[i] || !strstr(a, secrets[i]));
		assert_int_equal(vault_key_of(a), vault_newest(v));
		vault_forget(opened);
	}
	assert_null(vault_seal(v, 0, "code/1", NULL));
	vault_forget(NULL);
}

/* Each a change of what lies in the file; none opens, and each says why. */
static void what_was_altered_or_moved_does_not_open(void **state)
{
	struct place *p = *state;
	OWN(vault) struct vault *v = made(p->path);
	g_autofree char *good = vault_seal(v, 0, "code/1", "4821");
	g_autofree char *bit = g_strdup(good), *nonce = g_strdup(good), *key = g_strdup(good), *cut = g_strdup(good),
			*longer = g_strconcat(good, "AAAA", NULL), *junk = g_strconcat(good, "!", NULL);
	const struct {
		const char *what, *context, *sealed;
		enum keyrack_error code;
	} rows[] = {
		{ "another row", "code/2", good, KEYRACK_ERROR_CORRUPT },
		{ "another column", "rota/1", good, KEYRACK_ERROR_CORRUPT },
		{ "an altered bit", "code/1", bit, KEYRACK_ERROR_CORRUPT },
		{ "an altered nonce", "code/1", nonce, KEYRACK_ERROR_CORRUPT },
		{ "another key's number", "code/1", key, KEYRACK_ERROR_NOT_FOUND },
		{ "cut", "code/1", cut, KEYRACK_ERROR_CORRUPT },
		{ "longer", "code/1", longer, KEYRACK_ERROR_CORRUPT },
		{ "no base64", "code/1", junk, KEYRACK_ERROR_CORRUPT },
		{ "nothing but the sign", "code/1", "~", KEYRACK_ERROR_CORRUPT },
		{ "a PIN in the open", "code/1", "4821", KEYRACK_ERROR_CORRUPT },
		{ "empty", "code/1", "", KEYRACK_ERROR_CORRUPT },
		{ "none", "code/1", NULL, KEYRACK_ERROR_CORRUPT },
	};

	bit[45] = bit[45] == 'A' ? 'B' : 'A';
	nonce[20] = nonce[20] == 'A' ? 'B' : 'A';
	key[2] = key[2] == 'A' ? 'B' : 'A';
	cut[strlen(cut) - 4] = '\0';
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GError) err = NULL;
		char *opened = vault_unseal(v, rows[i].context, rows[i].sealed, &err);

		if (opened || !g_error_matches(err, KEYRACK_ERROR, (int)rows[i].code))
			fail_msg("%s: %s", rows[i].what, opened ? "it opens" : err->message);
		if (strstr(err->message, "4821"))
			fail_msg("%s: the message says the PIN", rows[i].what);
	}
}

static void no_prefix_of_a_sealed_value_opens(void **state)
{
	struct place *p = *state;
	OWN(vault) struct vault *v = made(p->path);
	g_autofree char *good = vault_seal(v, 0, "code/1", "4821");

	for (size_t n = strlen(good); n-- > 0;) {
		good[n] = '\0';
		assert_null(vault_unseal(v, "code/1", good, NULL));
		vault_key_of(good); /* reads no further than it is long */
	}
}

static void a_mark_finds_the_same_secret_and_no_other(void **state)
{
	struct place *p = *state;
	OWN(vault) struct vault *v = made(p->path);
	g_autofree char *elsewhere = g_build_filename(p->folder, "other.key", NULL);
	OWN(vault) struct vault *other = made(elsewhere);
	unsigned char mark[VAULT_MARK_BYTES], one[VAULT_MARK_BYTES];
	const struct {
		const char *what;
		const struct vault *v;
		const char *scope, *secret;
		bool same;
	} rows[] = {
		{ "the same", v, "pin", "4821", true },
		{ "one digit", v, "pin", "4822", false },
		{ "longer", v, "pin", "48210", false },
		{ "another scope", v, "pi", "n4821", false },
		{ "another key", other, "pin", "4821", false },
	};

	vault_mark(v, 0, "pin", "4821", mark);
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		vault_mark(rows[i].v, 0, rows[i].scope, rows[i].secret, one);
		if ((memcmp(mark, one, sizeof mark) == 0) != rows[i].same)
			fail_msg("%s", rows[i].what);
	}
}

static void the_key_is_its_owners_alone_and_stays_the_same(void **state)
{
	struct place *p = *state;
	OWN(vault) struct vault *v = made(p->path);
	OWN(vault) struct vault *again = made(p->path);
	g_autofree char *sealed = vault_seal(v, 0, "x", "4821");
	struct stat st;
	char *opened = vault_unseal(again, "x", sealed, NULL);

	assert_non_null(opened);
	vault_forget(opened);
	assert_int_equal(stat(p->path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(stat(p->inner, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
	assert_int_equal(files_in(p->inner), 1); /* nothing is left of its making */
	assert_int_equal(vault_count(v), 1);
}

static void rotation_leaves_what_is_sealed_readable(void **state)
{
	struct place *p = *state;
	OWN(vault) struct vault *v = made(p->path);
	OWN(vault) struct vault *late = made(p->path); /* a process that does not know of it yet */
	uint32_t first = vault_newest(v), second;
	g_autofree char *old = vault_seal(v, 0, "x", "4821"), *new = NULL, *still = NULL;
	unsigned char before[VAULT_MARK_BYTES], after[VAULT_MARK_BYTES], both[VAULT_MARK_BYTES];
	g_autoptr(GError) err = NULL;
	char *opened;

	vault_mark(v, 0, "pin", "4821", before);
	second = vault_rotate(v, NULL);
	assert_true(second != 0 && second != first && vault_newest(v) == second);
	assert_int_equal(vault_count(v), 2);
	new = vault_seal(v, 0, "x", "4821");
	still = vault_seal(v, first, "x", "4821");
	assert_int_equal(vault_key_of(new), second);
	assert_int_equal(vault_key_of(still), first);
	opened = vault_unseal(v, "x", old, NULL);
	assert_string_equal(opened, "4821");
	vault_forget(opened);
	vault_mark(v, 0, "pin", "4821", after);
	vault_mark(v, first, "pin", "4821", both);
	assert_memory_not_equal(before, after, sizeof before);
	assert_memory_equal(before, both, sizeof before);

	assert_null(vault_unseal(late, "x", new, &err));
	assert_true(g_error_matches(err, KEYRACK_ERROR, KEYRACK_ERROR_NOT_FOUND));
	assert_true(vault_reload(late, NULL));
	opened = vault_unseal(late, "x", new, NULL);
	assert_non_null(opened);
	vault_forget(opened);
	/* Who rotates with an old view of the file drops nobody's key. */
	OWN(vault) struct vault *third = made(p->path);
	assert_true(vault_rotate(v, NULL) != 0);
	assert_true(vault_rotate(third, NULL) != 0);
	assert_int_equal(vault_count(third), 4);
	assert_int_equal(files_in(p->inner), 1);
}

static void rotation_stops_where_the_file_is_full(void **state)
{
	struct place *p = *state;
	OWN(vault) struct vault *v = made(p->path);
	g_autoptr(GError) err = NULL;

	for (int i = 1; i < VAULT_KEYS_MAX; i++)
		assert_true(vault_rotate(v, NULL) != 0);
	assert_int_equal(vault_rotate(v, &err), 0);
	assert_non_null(strstr(err->message, "full"));
	assert_int_equal(vault_count(v), VAULT_KEYS_MAX);
}

/* What stands where the key should be. */
enum trouble { LOST, OPEN_TO_GROUP, OPEN_TO_OTHERS, FOLDER, EMPTY, CUT, EDITED, NO_HEAD, TOO_MANY };

static void put(const char *path, enum trouble t)
{
	g_autofree char *text = NULL, *more = NULL;
	gsize n;

	vault_free(made(path));
	assert_true(g_file_get_contents(path, &text, &n, NULL));
	switch (t) {
	case LOST:
		g_unlink(path);
		return;
	case OPEN_TO_GROUP:
		g_chmod(path, 0640);
		return;
	case OPEN_TO_OTHERS:
		g_chmod(path, 0604);
		return;
	case FOLDER:
		g_unlink(path);
		g_mkdir(path, 0700);
		return;
	case EMPTY:
		assert_int_equal(truncate(path, 0), 0);
		return;
	case CUT:
		n -= 9;
		break;
	case EDITED:
		text[n - 5] = 'z';
		break;
	case NO_HEAD:
		text[2] = '_';
		break;
	case TOO_MANY:
		more = g_strnfill(66 * 65, '0');
		for (int i = 0; i < 66; i++)
			more[i * 65 + 64] = '\n';
		text = g_realloc(text, n + 66 * 65 + 1);
		memcpy(text + n, more, 66 * 65);
		n += 66 * 65;
		break;
	}
	assert_true(g_file_set_contents_full(path, text, (gssize)n, G_FILE_SET_CONTENTS_CONSISTENT, 0600, NULL));
}

static void a_key_that_cannot_be_trusted_is_refused_in_words(void **state)
{
	struct place *p = *state;
	const struct {
		enum trouble t;
		enum keyrack_error code;
		const char *says;
	} rows[] = {
		{ LOST, KEYRACK_ERROR_NOT_FOUND, "No such file" },
		{ OPEN_TO_GROUP, KEYRACK_ERROR_CONFIG, "chmod 600" },
		{ OPEN_TO_OTHERS, KEYRACK_ERROR_CONFIG, "chmod 600" },
		{ FOLDER, KEYRACK_ERROR_CONFIG, "no file" },
		{ EMPTY, KEYRACK_ERROR_CONFIG, "put it back from its backup" },
		{ CUT, KEYRACK_ERROR_CONFIG, "put it back from its backup" },
		{ EDITED, KEYRACK_ERROR_CONFIG, "put it back from its backup" },
		{ NO_HEAD, KEYRACK_ERROR_CONFIG, "put it back from its backup" },
		{ TOO_MANY, KEYRACK_ERROR_CONFIG, "put it back from its backup" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GError) err = NULL;
		/* Also by who may make one: a key that is there, and wrong, is never replaced. */
		enum vault_make make = rows[i].t == LOST ? VAULT_FIND : VAULT_MAKE;

		put(p->path, rows[i].t);
		struct vault *v = vault_open(p->path, make, &err);

		if (v || !g_error_matches(err, KEYRACK_ERROR, (int)rows[i].code) ||
		    !strstr(err->message, rows[i].says) || !strstr(err->message, p->path))
			fail_msg("trouble %d: %s", (int)i, v ? "it opens" : err ? err->message : "no words");
		g_remove(p->path);
	}
}

/* Root may make a link of somebody else's; whoever else runs the tests skips that half. */
static void a_link_of_mine_is_followed_and_a_strangers_is_not(void **state)
{
	struct place *p = *state;
	OWN(vault) struct vault *v = made(p->path);
	g_autofree char *link_path = g_build_filename(p->folder, "link", NULL);
	g_autoptr(GError) err = NULL;

	assert_int_equal(symlink(p->path, link_path), 0);
	OWN(vault) struct vault *mine = vault_open(link_path, VAULT_FIND, NULL);

	assert_non_null(mine);
	assert_int_equal(vault_newest(mine), vault_newest(v));
	if (lchown(link_path, 12345, (gid_t)-1) != 0)
		skip();
	assert_null(vault_open(link_path, VAULT_FIND, &err));
	assert_non_null(strstr(err->message, "somebody else"));
}

/* Stands for a disk that is full: nothing can be written beyond that many bytes. */
static void limit_files(rlim_t bytes)
{
	struct rlimit limit;

	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &limit);
	limit.rlim_cur = bytes;
	setrlimit(RLIMIT_FSIZE, &limit);
}

static void a_full_disk_leaves_no_key_and_no_half_one(void **state)
{
	struct place *p = *state;
	g_autoptr(GError) err = NULL;
	g_autofree char *sealed = NULL;
	struct vault *v;

	limit_files(20);
	v = vault_open(p->path, VAULT_MAKE, &err);
	limit_files(RLIM_INFINITY);
	assert_null(v);
	assert_true(g_error_matches(err, KEYRACK_ERROR, KEYRACK_ERROR_IO));
	assert_int_equal(files_in(p->inner), 0);

	OWN(vault) struct vault *good = made(p->path);

	sealed = vault_seal(good, 0, "x", "4821");
	limit_files(20);
	assert_int_equal(vault_rotate(good, NULL), 0);
	limit_files(RLIM_INFINITY);
	OWN(vault) struct vault *again = vault_open(p->path, VAULT_FIND, NULL);
	char *opened = again ? vault_unseal(again, "x", sealed, NULL) : NULL;

	assert_non_null(opened);
	vault_forget(opened);
	assert_int_equal(files_in(p->inner), 1);
}

static void a_folder_that_cannot_be_written_is_said(void **state)
{
	struct place *p = *state;
	g_autoptr(GError) err = NULL;

	assert_true(g_file_set_contents(p->inner, "", 0, NULL));
	assert_null(vault_open(p->path, VAULT_MAKE, &err)); /* root is kept out too */
	assert_non_null(strstr(err->message, p->path));
	g_remove(p->inner);
	if (geteuid() == 0)
		return;
	g_clear_error(&err);
	g_mkdir(p->inner, 0500);
	assert_null(vault_open(p->path, VAULT_MAKE, &err));
	assert_true(g_error_matches(err, KEYRACK_ERROR, KEYRACK_ERROR_IO));
}

static void systemd_may_bring_the_key(void **state)
{
	struct place *p = *state;
	g_autofree char *without = vault_place("brought", p->path), *with = NULL, *elsewhere = NULL;
	g_autoptr(GError) err = NULL;
	char *brought = g_build_filename(p->inner, "brought", NULL);

	assert_string_equal(without, p->path);
	vault_free(made(brought));
	g_chmod(brought, 0440);
	assert_null(vault_open(brought, VAULT_FIND, NULL)); /* no other file may be like that */
	g_setenv("CREDENTIALS_DIRECTORY", p->inner, TRUE);
	with = vault_place("brought", p->path);
	elsewhere = vault_place("another", p->path);
	assert_string_equal(with, brought);
	assert_string_equal(elsewhere, p->path);
	OWN(vault) struct vault *v = vault_open(with, VAULT_FIND, NULL);

	assert_non_null(v);
	assert_int_equal(vault_rotate(v, &err), 0);
	assert_non_null(strstr(err->message, "systemd"));
	g_chmod(brought, 0444);
	assert_null(vault_open(brought, VAULT_FIND, NULL));
	g_free(brought);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, up, down)
	const struct CMUnitTest tests[] = {
		T(what_is_sealed_opens_and_says_nothing),
		T(what_was_altered_or_moved_does_not_open),
		T(no_prefix_of_a_sealed_value_opens),
		T(a_mark_finds_the_same_secret_and_no_other),
		T(the_key_is_its_owners_alone_and_stays_the_same),
		T(rotation_leaves_what_is_sealed_readable),
		T(rotation_stops_where_the_file_is_full),
		T(a_key_that_cannot_be_trusted_is_refused_in_words),
		T(a_link_of_mine_is_followed_and_a_strangers_is_not),
		T(a_full_disk_leaves_no_key_and_no_half_one),
		T(a_folder_that_cannot_be_written_is_said),
		T(systemd_may_bring_the_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
