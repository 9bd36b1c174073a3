/* lock_system - the fourteen lock systems as the planner and the simulated locks see them.
 *
 * What is the same for every program is in core/traits.c; here is what planning needs beyond it.
 * Where the makers document nothing a plausible fact stands in for it: every such field is marked
 * 'own choice', is this program's own and holds for its simulated locks only. A real driver says
 * of each unit what is so. Common own choices: schedules are kept to the minute; 4 to 8 digits
 * where no length is documented; codes made elsewhere can be listed. */
#include "engine/lock_system.h"

#define LENGTHS(from, to) ((UINT32_C(2) << (to)) - (UINT32_C(1) << (from)))

/* What traits.c does not say. The names, lengths and flags of its rows are put beside them. */
static const struct lock_system beyond[] = {
	{ .device_type = "two_n_intercom",
	  .read_back = READ_ALL,       /* own choice: the directory can be read */
	  .edit_in_place = true,       /* own choice */
	  .unmanaged_listable = true,
	  .unmanaged_convertible = true,
	  .name_max = 63,              /* own choice: a directory entry */
	  .slots = 1000,               /* own choice */
	  .granularity_ms = MINUTE_MS },
	{ .device_type = "august_lock",
	  .read_back = READ_ALL,       /* own choice */
	  .edit_in_place = false,      /* a change is delete and create */
	  .unmanaged_listable = true,
	  .unmanaged_convertible = true,
	  .name_rules = NAME_FIRST_LAST,
	  .name_max = 40,              /* own choice */
	  .slots = 250,                /* own choice */
	  .granularity_ms = MINUTE_MS },
	{ .device_type = "dormakaba_oracode_door",
	  .read_back = READ_NOTHING,   /* not connected at all */
	  .pins.rules = PIN_CHOSEN_BY_PROVIDER },
	{ .device_type = "igloohome_lock",
	  .read_back = READ_ALL,       /* own choice: through the bridge */
	  .edit_in_place = true,       /* own choice */
	  .unmanaged_listable = true,
	  .unmanaged_convertible = false,
	  .name_max = 32,              /* own choice */
	  .slots = 199,
	  .granularity_ms = MINUTE_MS,
	  .start_lead_ms = MINUTE_MS,  /* a start must not be past */
	  .pins.rules = PIN_START_IN_FUTURE },
	{ .device_type = "kwikset_lock",
	  .read_back = READ_MASKED,    /* own choice: its own codes can be confirmed, not their PINs */
	  .edit_in_place = true,       /* own choice */
	  .unmanaged_listable = false,
	  .unmanaged_convertible = false,
	  .name_rules = NAME_UNIQUE,   /* duplicates are known to cause trouble */
	  .slots = 25,                 /* own choice */
	  .granularity_ms = MINUTE_MS,
	  .start_lead_ms = MINUTE_MS,  /* a start must be later than now */
	  .pins.rules = PIN_START_IN_FUTURE,
	  .pins.name_min = 2 },
	{ .device_type = "lockly_lock",
	  .schedule = SCHEDULE_DISABLED, /* own choice: no schedule, but codes can be held disabled */
	  .read_back = READ_ALL,       /* own choice */
	  .edit_in_place = true,       /* own choice */
	  .unmanaged_listable = true,
	  .unmanaged_convertible = true,
	  .name_max = 24,              /* own choice */
	  .slots = 50 },               /* own choice */
	{ .device_type = "nuki_lock",
	  .read_back = READ_ALL,       /* own choice */
	  .edit_in_place = true,       /* own choice */
	  .unmanaged_listable = true,
	  .unmanaged_convertible = true,
	  .slots = 100,
	  .granularity_ms = MINUTE_MS,
	  .pins.rules = PIN_NO_ZEROS | PIN_NOT_STARTING_12 },
	{ .device_type = "salto_lock",
	  .read_back = READ_ALL,       /* own choice: the site's users can be read */
	  .edit_in_place = true,       /* own choice */
	  .unmanaged_listable = true,
	  .unmanaged_convertible = true,
	  .name_rules = NAME_FIRST_LAST, /* own choice: a code is a user of the site */
	  .name_max = 60,              /* own choice */
	  .slots = 100,
	  .granularity_ms = MINUTE_MS,
	  .pins.rules = PIN_CHOSEN_BY_PROVIDER },
	{ .device_type = "schlage_lock",
	  .read_back = READ_ALL,       /* own choice */
	  .edit_in_place = false,      /* a change is delete and create */
	  .unmanaged_listable = true,
	  .unmanaged_convertible = true,
	  .matches_early = true,       /* own choice: one length per lock, looked at digit by digit */
	  .name_rules = NAME_UNIQUE | NAME_ASCII | NAME_NO_PUNCTUATION, /* characters: own choice */
	  .slots = 100,                /* own choice */
	  .granularity_ms = MINUTE_MS,
	  .pins.rules = PIN_FIRST_FOUR_UNIQUE },
	{ .device_type = "smartthings_lock",
	  .schedule = SCHEDULE_NONE,   /* the hub sets a code, and it works */
	  .read_back = READ_MASKED,    /* slots are listed, PINs hidden */
	  .edit_in_place = true,       /* own choice */
	  .unmanaged_listable = true,
	  .unmanaged_convertible = false,
	  .matches_early = true,       /* own choice */
	  .name_rules = NAME_ASCII,    /* own choice */
	  .name_max = 30,              /* own choice */
	  .slots = 30,                 /* own choice */
	  .pins.lengths = LENGTHS(4, 8) },
	{ .device_type = "tedee_lock",
	  .read_back = READ_ALL,       /* own choice */
	  .edit_in_place = true,       /* own choice */
	  .unmanaged_listable = true,
	  .unmanaged_convertible = true,
	  .name_max = 40,              /* own choice */
	  .slots = 100,                /* own choice */
	  .granularity_ms = MINUTE_MS,
	  .pins.rules = PIN_THREE_UNIQUE | PIN_NO_SEQUENCE },
	{ .device_type = "ttlock_lock",
	  .read_back = READ_ALL,       /* own choice: through the gateway */
	  .edit_in_place = true,       /* own choice */
	  .unmanaged_listable = true,
	  .unmanaged_convertible = true,
	  .name_max = 50,              /* own choice */
	  .slots = 250,                /* own choice */
	  .granularity_ms = MINUTE_MS,
	  .pins.lengths = LENGTHS(4, 9) }, /* own choice */
	{ .device_type = "wyze_lock",
	  .read_back = READ_MASKED,    /* PINs made elsewhere are unreadable; own choice: all are */
	  .edit_in_place = true,       /* own choice */
	  .unmanaged_listable = true,
	  .unmanaged_convertible = true, /* own choice */
	  .name_rules = NAME_UNIQUE,   /* it reports duplicates */
	  .name_max = 32,              /* own choice */
	  .slots = 20,                 /* own choice */
	  .granularity_ms = MINUTE_MS,
	  .pins.lengths = LENGTHS(4, 8) }, /* own choice */
	{ .device_type = "yale_lock",
	  .read_back = READ_ALL,       /* own choice */
	  .edit_in_place = false,      /* the same platform as August */
	  .unmanaged_listable = true,
	  .unmanaged_convertible = true,
	  .name_rules = NAME_FIRST_LAST,
	  .name_max = 40,              /* own choice */
	  .slots = 250,                /* own choice */
	  .granularity_ms = MINUTE_MS },
};

static struct lock_system table[G_N_ELEMENTS(beyond)];

static void join(struct lock_system *s, const struct traits *t)
{
	s->provider = t->provider;
	if (t->native_schedule)
		s->schedule = SCHEDULE_NATIVE;
	s->online_codes = t->online_codes;
	s->offline_codes = t->offline_codes;
	s->provider_chooses_pin = t->chooses_pin;
	s->names_code_in_unlock = t->names_code_in_unlock;
	s->backup_pool = t->backup_pool;
	if (!s->pins.lengths)
		s->pins.lengths = t->pin_lengths ? t->pin_lengths : LENGTHS(4, 8);
	if (!s->name_max)
		s->name_max = t->name_max;
	s->pins.name_max = t->name_max; /* only what is documented is a rule of the API */
}

static const struct lock_system *built(void)
{
	static gsize done;

	if (g_once_init_enter(&done)) {
		for (size_t i = 0; i < G_N_ELEMENTS(beyond); i++) {
			table[i] = beyond[i];
			join(&table[i], traits_of(beyond[i].device_type));
		}
		g_once_init_leave(&done, 1);
	}
	return table;
}

const struct lock_system *lock_system_of(const char *device_type)
{
	const struct traits *t = traits_of(device_type); /* knows the older names */

	for (size_t i = 0; t && i < G_N_ELEMENTS(table); i++) {
		if (g_strcmp0(built()[i].device_type, t->device_type) == 0)
			return &table[i];
	}
	return NULL;
}

const struct lock_system *lock_system_table(size_t *n)
{
	*n = G_N_ELEMENTS(table);
	return built();
}
