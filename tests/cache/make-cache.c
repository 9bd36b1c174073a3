/* make-cache - a property of any size as a cache file, for tests of screens and for benchmarks.
 *
 *   make-cache PATH [--locks N] [--codes N] [--events N] [--seed S] [--now ISO] [--hotel]
 *
 * The same arguments give the same property: brands, rooms, guests with names of every kind of
 * script, windows around now, unlocks by the codes' holders. Codes are spread so that a few locks
 * have very many, and windows lie as chance has it: what a screen must bear. With --hotel it is what a
 * screen mostly has: two of the house at each door, then guests one after the other, the bookings of the
 * months to come; events of the last 90 days. */
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>

#include "cache/cache.h"
#include "core/traits.h"

static int64_t locks = 24, codes = 200, events = 1000, seed = 1;
static char *now_text;
static gboolean hotel;

static const GOptionEntry options[] = {
	{ "locks", 0, 0, G_OPTION_ARG_INT64, &locks, "number of locks", "N" },
	{ "codes", 0, 0, G_OPTION_ARG_INT64, &codes, "number of access codes", "N" },
	{ "events", 0, 0, G_OPTION_ARG_INT64, &events, "number of events", "N" },
	{ "seed", 0, 0, G_OPTION_ARG_INT64, &seed, "another property", "S" },
	{ "now", 0, 0, G_OPTION_ARG_STRING, &now_text, "the moment around which it lies", "ISO" },
	{ "hotel", 0, 0, G_OPTION_ARG_NONE, &hotel, "guests one after the other", NULL },
	G_OPTION_ENTRY_NULL,
};

static const char *const guests[] = {
	"Anna Berg",	   "Mueller, J.",      "Rossi family",	"Haddad, Leila",  "Dubois",
	"Ito",		   "Nguyễn Thị Mai",   "Priya N.",	"O'Brien",	  "Łukasz Żak",
	"山田 花子",	   "김민준",	       "李小龍",	"Ольга Петрова",  "محمد علي",
	"דנה כהן",	   "ʻAlohi Kealoha",   "Zoë Müller",	"Cafe\u0301 staff", "👩‍👩‍👧 family Sol",
	"Maximiliane von und zu Hohenlohe-Waldenburg-Schillingsfürst", "cleaning", "night porter",
};
static const char *const places[] = { "Garden", "Sea", "Loft", "Court", "Tower" };
static const char *const zones[] = { "Europe/Berlin", "Europe/Berlin", "Europe/Berlin",
				     "America/New_York", "Asia/Kolkata" };

/* xorshift64*: the same on every machine, which rand() is not. */
static uint64_t random_state;
static uint64_t draw(uint64_t below)
{
	random_state ^= random_state >> 12;
	random_state ^= random_state << 25;
	random_state ^= random_state >> 27;
	return (random_state * UINT64_C(2685821657736338717) >> 16) % below;
}

/* A UUID that says what it is of: kind, number. */
static const char *make_id(char kind, int64_t n, char out[static 40])
{
	g_snprintf(out, 40, "%c%07x-0000-4000-8000-%012" G_GINT64_MODIFIER "x", kind,
		   (unsigned)(n * 2654435761U) & 0xfffffff, n);
	return out;
}

static void make_lock(struct cache *c, int64_t n, struct instant now, GError **err)
{
	size_t traits_n;
	const struct traits *traits = traits_table(&traits_n);
	/* A hotel has its brands by the wing. */
	const struct traits *t = &traits[(size_t)(hotel ? n / 50 : n) % traits_n];
	const char *place = places[(n / 8) % (int64_t)G_N_ELEMENTS(places)];
	bool online = draw(20) != 0;
	char id[40], name[80], object[200];

	make_id('d', n, id);
	g_snprintf(name, sizeof(name), "%d %s", (int)(100 * (1 + n / 20) + n % 20 + 1), place);
	g_snprintf(object, sizeof(object), "{\"device_id\":\"%s\",\"device_type\":\"%s\"}", id,
		   t->device_type);
	cache_put_lock(c,
		       &(struct lock){
			       .device_id = id,
			       .workspace_id = "w0000001-0000-4000-8000-000000000001",
			       .device_type = t->device_type,
			       .name = name,
			       .place = "Harbour House",
			       .room = place,
			       .zone = zones[(n / 40) % (int64_t)G_N_ELEMENTS(zones)],
			       .manufacturer = t->provider,
			       .created_at = instant_add_ms(now, -400 * DAY_MS),
			       .managed = TRI_YES,
			       .online = online ? TRI_YES : TRI_NO,
			       .locked = !online ? TRI_UNKNOWN : draw(8) ? TRI_YES : TRI_NO,
			       .door_open = TRI_UNKNOWN,
			       .battery_pct = online ? (int)draw(101) : -1,
			       .can_lock = TRI_YES,
			       .can_unlock = TRI_YES,
			       .can_program_online = t->online_codes ? TRI_YES : TRI_NO,
			       .can_program_offline = t->offline_codes ? TRI_YES : TRI_NO,
			       .supports_backup_pool = t->backup_pool ? TRI_YES : TRI_NO,
			       .max_active_codes = -1,
			       .errors = online ? NULL :
						  "[{\"error_code\":\"device_disconnected\","
						  "\"message\":\"The lock is offline\","
						  "\"is_device_error\":true}]",
			       .object = object,
		       },
		       0, err);
}

/* Every tenth code goes to one of the first locks; the rest are spread evenly. */
static int64_t lock_of(int64_t n)
{
	if (hotel)
		return n % locks;
	return n % 10 == 0 ? (n / 10) % MIN(locks, 3) : n % locks;
}

enum { RESIDENTS = 2 }; /* the house's own at each door of --hotel */

/* The nth booking of its door: the first guest has been there for a day or so. */
static void make_stay(struct access_code *ac, int64_t n, struct instant now)
{
	enum { NIGHTS = 4 };
	int64_t checkin = -(int64_t)draw(2 * 24) * HOUR_MS + n * NIGHTS * DAY_MS;

	if (n < 0)
		return;
	ac->time_bound = true;
	ac->type = "time_bound";
	ac->starts_at = instant_add_ms(now, checkin);
	ac->ends_at = instant_add_ms(ac->starts_at, ((1 + (int64_t)draw(2)) * 24 - 4) * HOUR_MS);
	if (n > 0)
		ac->status = "unset";
}

static void make_window(struct access_code *ac, struct instant now)
{
	int64_t start = ((int64_t)draw(60 * 24) - 30 * 24) * HOUR_MS;

	if (draw(5) == 0)
		return;
	ac->time_bound = true;
	ac->type = "time_bound";
	ac->starts_at = instant_add_ms(now, start);
	ac->ends_at = instant_add_ms(ac->starts_at, (1 + (int64_t)draw(10)) * 20 * HOUR_MS);
	if (instant_before(now, ac->starts_at))
		ac->status = "unset";
	else if (!instant_before(now, ac->ends_at))
		ac->status = "removing";
}

static void make_code(struct cache *c, int64_t n, struct instant now, GError **err)
{
	char id[40], device_id[40], name[160], pin[12];
	struct access_code ac = {
		.access_code_id = make_id('c', n, id),
		.device_id = make_id('d', lock_of(n), device_id),
		.workspace_id = "w0000001-0000-4000-8000-000000000001",
		.managed = draw(hotel ? 500 : 20) != 0,
		.type = "ongoing",
		.status = "set",
		.name = name,
		.code = pin,
		.starts_at = INSTANT_NONE,
		.ends_at = INSTANT_NONE,
		.created_at = instant_add_ms(now, -40 * DAY_MS),
		.is_scheduled_on_device = TRI_UNKNOWN,
		.is_waiting_for_code_assignment = TRI_UNKNOWN,
		.is_external_modification_allowed = TRI_NO,
		.is_offline_access_code = TRI_NO,
		.is_one_time_use = TRI_NO,
		.is_backup = TRI_NO,
		.is_backup_access_code_available = TRI_NO,
		.cannot_be_managed = TRI_UNKNOWN,
		.cannot_delete = TRI_UNKNOWN,
	};
	const char *guest = guests[draw(G_N_ELEMENTS(guests))];

	/* A number behind most names, as bookings have. */
	if (draw(3) == 0)
		g_strlcpy(name, guest, sizeof(name));
	else
		g_snprintf(name, sizeof(name), "%s R-%05d", guest, (int)(n % 100000));
	g_snprintf(pin, sizeof(pin), "%06d", (int)((n * 7919 + 104729) % 1000000));
	if (hotel)
		make_stay(&ac, n / locks - RESIDENTS, now);
	else
		make_window(&ac, now);
	if (draw(hotel ? 2000 : 50) == 0)
		ac.errors = "[{\"error_code\":\"no_space_for_access_code_on_device\","
			    "\"message\":\"No space\",\"is_access_code_error\":true}]";
	cache_put_code(c, &ac, 0, err);
}

static void make_event(struct cache *c, int64_t n, struct instant now, GError **err)
{
	static const char *const types[] = { "lock.unlocked", "lock.unlocked", "lock.unlocked",
					     "lock.locked", "access_code.set_on_device",
					     "device.disconnected", "device.connected" };
	const char *type = types[draw(G_N_ELEMENTS(types))];
	/* In a hotel only who is there: the house's own and the first guest. */
	int64_t holders = hotel ? MIN(codes, locks * (RESIDENTS + 1)) : codes;
	int64_t code = holders > 0 ? (int64_t)draw((uint64_t)holders) : 0;
	int64_t apart_ms = hotel ? MAX(90 * DAY_MS / MAX(events, 1), 1) : 37 * SECOND_MS;
	bool unlock = type == types[0];
	size_t traits_n;
	const struct traits *table = traits_table(&traits_n);
	const struct traits *t = &table[(size_t)(hotel ? lock_of(code) / 50 : lock_of(code)) % traits_n];
	struct event ev = { .event_type = type, .object = "{}" };
	char id[40], device_id[40], code_id[40];

	ev.event_id = make_id('e', n, id);
	if (hotel) /* in order: ten million of them are inserted side by side */
		g_snprintf(id, sizeof(id), "e0000000-0000-4000-8000-%012" G_GINT64_MODIFIER "x", n);
	ev.device_id = make_id('d', lock_of(code), device_id);
	if ((unlock && t->names_code_in_unlock) || type == types[4])
		ev.access_code_id = make_id('c', code, code_id);
	if (unlock)
		ev.method = draw(6) ? "keycode" : "manual";
	if (unlock && ev.method[0] == 'm')
		ev.access_code_id = NULL;
	ev.occurred_at = instant_add_ms(now, -(events - n) * apart_ms);
	ev.created_at = instant_add_ms(ev.occurred_at, 900);
	cache_put_event(c, &ev, err);
}

typedef void maker(struct cache *c, int64_t n, struct instant now, GError **err);

static bool make_all(struct cache *c, int64_t n, maker *make, struct instant now, GError **err)
{
	const int64_t batch = hotel ? 100000 : 10000;
	GError *failed = NULL;

	for (int64_t i = 0; i < n && !failed; i++) {
		if (i % batch == 0 && !cache_begin(c, &failed))
			break;
		make(c, i, now, &failed);
		if (!failed && (i % batch == batch - 1 || i == n - 1))
			cache_commit(c, &failed);
	}
	if (!failed)
		return true;
	g_propagate_error(err, failed);
	return false;
}

static bool make_property(const char *path, GError **err)
{
	struct instant now = instant_now();
	struct cache *c;
	bool ok;

	if (now_text && !instant_parse(now_text, -1, &now)) {
		g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_USAGE, "--now is no instant");
		return false;
	}
	random_state = UINT64_C(0x9e3779b97f4a7c15) * (uint64_t)(seed + 1);
	c = cache_open(path, CACHE_SYNC, false, err);
	if (!c)
		return false;
	ok = make_all(c, locks, make_lock, now, err) && make_all(c, codes, make_code, now, err) &&
	     make_all(c, events, make_event, now, err);
	cache_close(c);
	return ok;
}

int main(int argc, char **argv)
{
	g_autoptr(GOptionContext) context = g_option_context_new("PATH");
	g_autoptr(GError) err = NULL;

	setlocale(LC_ALL, "C.UTF-8");
	g_option_context_add_main_entries(context, options, NULL);
	if (!g_option_context_parse(context, &argc, &argv, &err) || argc != 2 || locks < 1) {
		fprintf(stderr, "make-cache: %s\n", err ? err->message : "PATH is needed");
		return 2;
	}
	if (make_property(argv[1], &err))
		return 0;
	fprintf(stderr, "make-cache: %s\n", err->message);
	return 1;
}
