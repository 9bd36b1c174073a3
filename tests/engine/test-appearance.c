/* appearance: a name as each lock system shows it; and the table of the fourteen. */
#include "tests/core/rows.h"

#include "engine/lock_system.h"

/* taken: the names on the lock, each between bars. */
static const struct {
	const char *type, *name, *taken, *shown, *first, *last;
} rows[] = {
	/* kept as it is */
	{ "two_n_intercom", "Anna Smith", NULL, "Anna Smith", NULL, NULL },
	{ "two_n_intercom", "Zo\xc3\xab, \xe6\x9d\x8e", NULL, "Zo\xc3\xab, \xe6\x9d\x8e", NULL, NULL },
	{ "two_n_intercom", " Anna \t\n Smith ", NULL, "Anna Smith", NULL, NULL },
	{ "two_n_intercom", "Anna\x1b[31m\xe2\x80\xae Smith", NULL, "Anna[31m Smith", NULL, NULL },
	{ "two_n_intercom", NULL, NULL, "Code", NULL, NULL },
	{ "two_n_intercom", "  ", NULL, "Code", NULL, NULL },
	{ "two_n_intercom", "Anna", "|Anna|", "Anna", NULL, NULL }, /* need not be unique */
	/* cut */
	{ "nuki_lock", "Reservation of Mrs Smith", NULL, "Reservation of Mrs S", NULL, NULL },
	{ "nuki_lock", "12345678901234567890", NULL, "12345678901234567890", NULL, NULL },
	{ "nuki_lock", "1234567890123456789 x", NULL, "1234567890123456789", NULL, NULL },
	/* characters are counted, not bytes */
	{ "nuki_lock", "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"
		       "1234567890x", NULL,
	  "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9" "1234567890",
	  NULL, NULL },
	/* a letter and its accent are one */
	{ "nuki_lock", "1234567890123456789e\xcc\x81", NULL, "1234567890123456789\xc3\xa9", NULL, NULL },
	{ "nuki_lock", "1234567890123456789q\xcc\x81", NULL, "1234567890123456789", NULL, NULL },
	/* 2 to 14, unique */
	{ "kwikset_lock", "Anna Smith, Reservation-12345", NULL, "Anna Smith, Re", NULL, NULL },
	{ "kwikset_lock", "A", NULL, "A Code", NULL, NULL },
	{ "kwikset_lock", "Al", NULL, "Al", NULL, NULL },
	{ "kwikset_lock", "Al", "|Al|", "Al 2", NULL, NULL },
	{ "kwikset_lock", "Al", "|Al|Al 2|Al 3|", "Al 4", NULL, NULL },
	{ "kwikset_lock", "Anna Smith, Reservation-12345", "|Anna Smith, Re|", "Anna Smith, 2", NULL,
	  NULL },
	{ "kwikset_lock", "12345678901234", "|12345678901234|", "123456789012 2", NULL, NULL },
	/* nine plain letters, unique */
	{ "schlage_lock", "Zo\xc3\xab O'Neill-M\xc3\xbcller", NULL, "Zoe ONeil", NULL, NULL },
	{ "schlage_lock", "J\xc3\xb8rgen \xc3\x86", NULL, "Joergen A", NULL, NULL },
	{ "schlage_lock", "\xf0\x9f\x98\x80 Anna \xf0\x9f\x98\x80", NULL, "Anna", NULL, NULL },
	{ "schlage_lock", "\xf0\x9f\x98\x80", NULL, "Code", NULL, NULL },
	{ "schlage_lock", "\xf0\x9f\x98\x80", "|Code|", "Code 2", NULL, NULL },
	{ "schlage_lock", "123456789", "|123456789|", "1234567 2", NULL, NULL },
	{ "smartthings_lock", "Zo\xc3\xab (7)", NULL, "Zoe (7)", NULL, NULL },
	/* first and last */
	{ "august_lock", "my ongoing code", NULL, "my ongoing code", "my", "ongoing code" },
	{ "august_lock", "Anna", NULL, "Anna", "Anna", "" },
	{ "yale_lock", "Backup 1234 (Seam)", NULL, "Backup 1234 (Seam)", "Backup", "1234 (Seam)" },
	{ "salto_lock", "Anna Smith", "|Anna Smith|", "Anna Smith", "Anna", "Smith" },
	{ "wyze_lock", "Anna", "|Anna|", "Anna 2", NULL, NULL },
	{ "two_n_intercom", "broken \xff utf", NULL, "broken \xef\xbf\xbd utf", NULL, NULL },
};

static bool is_taken(const char *shown, const void *data)
{
	g_autofree char *barred = g_strdup_printf("|%s|", shown);

	return data && strstr(data, barred);
}

static void names_are_shown_as_the_lock_does(void **state)
{
	(void)state;
	FOR_ROWS(i, rows)
	{
		const struct lock_system *ls = lock_system_of(rows[i].type);
		const char *name = rows[i].name ? rows[i].name : "(null)";
		struct appearance a = appearance_of(ls, rows[i].name, is_taken, rows[i].taken);

		ROW_TEXT(name, a.name, rows[i].shown);
		if (rows[i].first) {
			ROW_TEXT(name, a.first, rows[i].first);
			ROW_TEXT(name, a.last, rows[i].last);
		} else {
			assert_null(a.first);
			assert_null(a.last);
		}
		appearance_clear(&a);
	}
}

/* Whatever the name: valid, within bounds, and what is shown is shown again as it is. */
static void any_name_comes_out_fit(void **state)
{
	size_t n;
	const struct lock_system *table = lock_system_table(&n);
	uint32_t seed = 7;

	(void)state;
	for (size_t s = 0; s < n; s++) {
		for (int round = 0; round < 500; round++) {
			char name[40];
			struct appearance a, again;
			glong length;

			for (size_t i = 0; i < sizeof name; i++) {
				seed = seed * 1664525u + 1013904223u;
				name[i] = (char)(seed >> 24);
			}
			name[seed % sizeof name] = '\0';
			name[sizeof name - 1] = '\0';
			a = appearance_of(&table[s], name, NULL, NULL);
			again = appearance_of(&table[s], a.name, NULL, NULL);
			length = g_utf8_strlen(a.name, -1);
			assert_true(g_utf8_validate(a.name, -1, NULL));
			assert_true(length >= MAX(table[s].pins.name_min, 1));
			assert_true(!table[s].name_max || length <= table[s].name_max);
			ROW_TEXT(table[s].device_type, again.name, a.name);
			appearance_clear(&a);
			appearance_clear(&again);
		}
	}
}

/* The founding document's two lists, and its offline systems. */
static void the_fourteen_are_as_documented(void **state)
{
	static const char native[] = "|two_n_intercom|august_lock|igloohome_lock|kwikset_lock|nuki_lock|"
				     "salto_lock|schlage_lock|tedee_lock|ttlock_lock|yale_lock|wyze_lock|";
	static const char linked[] = "|august_lock|kwikset_lock|salto_lock|schlage_lock|tedee_lock|"
				     "ttlock_lock|yale_lock|";
	static const char offline[] = "|igloohome_lock|dormakaba_oracode_door|lockly_lock|";
	size_t n;
	const struct lock_system *table = lock_system_table(&n);

	(void)state;
	assert_int_equal(n, 14);
	for (size_t i = 0; i < n; i++) {
		const struct lock_system *ls = &table[i];
		const char *type = ls->device_type;

		ROW_INT(type, ls->schedule == SCHEDULE_NATIVE, is_taken(type, native));
		ROW_INT(type, ls->names_code_in_unlock, is_taken(type, linked));
		ROW_INT(type, ls->offline_codes, is_taken(type, offline));
		ROW_INT(type, ls->online_codes, strcmp(type, "dormakaba_oracode_door") != 0);
		ROW_INT(type, ls->backup_pool, ls->online_codes && strcmp(type, "salto_lock") != 0);
		assert_non_null(ls->provider);
		assert_int_not_equal(ls->pins.lengths, 0);
		assert_ptr_equal(lock_system_of(type), ls);
	}
	assert_ptr_equal(lock_system_of("igloo_lock"), lock_system_of("igloohome_lock"));
	assert_null(lock_system_of("toaster"));
	assert_null(lock_system_of(NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_shown_as_the_lock_does),
		cmocka_unit_test(any_name_comes_out_fit),
		cmocka_unit_test(the_fourteen_are_as_documented),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
