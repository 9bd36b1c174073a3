/* house - Harbour House; see the header. Its names are long, wide, right-to-left, combining and
 * hostile, because guests' are. */
#include "house.h"

#include <glib/gstdio.h>
#include <string.h>

#include "cache/feeds.h"
#include "core/profile_feed.h"
#include "core/profile_named.h"

static void must(bool ok, GError *err)
{
	if (!ok)
		g_error("the house: %s", err ? err->message : "failed");
}

#define NEVER 1000000 /* minutes from now that are not given */

static struct instant at(int minutes)
{
	return minutes == NEVER ? INSTANT_NONE : (struct instant){ HOUSE_NOW.ms + minutes * MINUTE_MS };
}

#define OFFLINE_BRIDGE                                                                             \
	"[{\"error_code\":\"device_disconnected\",\"message\":\"The bridge does not answer\","     \
	"\"is_device_error\":true,\"created_at\":\"2026-11-22T18:20:00Z\"}]"
#define NOT_SET                                                                                    \
	"[{\"error_code\":\"failed_to_set_on_device\",\"message\":\"Failed to set code on "        \
	"device\",\"is_access_code_error\":true,\"created_at\":\"2026-11-22T18:20:00Z\"}]"

/* ---- locks ---- */

static const struct {
	const char *id, *name, *place, *type, *maker;
	enum tri online, locked;
	int battery;
	const char *errors, *lengths;
	enum tri pool, offline_codes;
	int places; /* of its memory; -1: not said */
} locks[] = {
	{ "lock-101", "101 Garden", "Garden wing", "august_lock", "August", TRI_YES, TRI_YES, 82,
	  NULL, "[4,5,6]", TRI_YES, TRI_UNKNOWN, -1 },
	{ "lock-102", "102 Garden", "Garden wing", "schlage_lock", "Schlage", TRI_YES, TRI_YES, 64,
	  NULL, "[4,5,6,7,8]", TRI_YES, TRI_UNKNOWN, -1 },
	{ "lock-103", "103 Sea", "Sea wing", "august_lock", "August", TRI_YES, TRI_NO, 91, NULL,
	  "[4,5,6]", TRI_YES, TRI_UNKNOWN, -1 },
	{ "lock-104", "104 Sea", "Sea wing", "igloohome_lock", "igloohome", TRI_YES, TRI_YES, 77,
	  NULL, "[6,7]", TRI_UNKNOWN, TRI_YES, -1 },
	{ "lock-201", "201 Sea", "Sea wing", "smartthings_lock", "SmartThings", TRI_NO, TRI_UNKNOWN,
	  -1, OFFLINE_BRIDGE, "[4,5,6]", TRI_YES, TRI_UNKNOWN, -1 },
	{ "lock-gym", "Gym", "Basement", "nuki_lock", "Nuki", TRI_YES, TRI_YES, 100, NULL, "[6]",
	  TRI_YES, TRI_UNKNOWN, 4 },
	{ "lock-laundry", "Laundry", "Basement", "august_lock", "August", TRI_YES, TRI_YES, 17,
	  NULL, "[4,5,6]", TRI_YES, TRI_UNKNOWN, 2 },
	{ "lock-hall", "Großer Veranstaltungssaal im Untergeschoss", "Höfe 山手", "yale_lock", "Yale",
	  TRI_YES, TRI_YES, 55, NULL, NULL, TRI_YES, TRI_UNKNOWN, -1 },
};

static void make_locks(struct cache *c)
{
	for (size_t i = 0; i < G_N_ELEMENTS(locks); i++) {
		GError *err = NULL;
		struct lock l = {
			.device_id = locks[i].id,
			.name = locks[i].name,
			.place = locks[i].place,
			.workspace_id = "w1",
			.connected_account_id = "a1",
			.device_type = locks[i].type,
			.manufacturer = locks[i].maker,
			.zone = "Europe/Berlin",
			.created_at = at(-300000),
			.managed = TRI_YES,
			.online = locks[i].online,
			.locked = locks[i].locked,
			.door_open = TRI_UNKNOWN,
			.battery_pct = locks[i].battery,
			.can_lock = TRI_YES,
			.can_unlock = TRI_YES,
			.can_program_online = TRI_YES,
			.can_program_offline = locks[i].offline_codes,
			.supports_backup_pool = locks[i].pool,
			.code_lengths = locks[i].lengths,
			.max_active_codes = locks[i].places,
			.errors = locks[i].errors,
			.object = "{}",
		};

		must(cache_put_lock(c, &l, 0, &err) >= 0, err);
	}
}

/* ---- codes ---- */

static const struct {
	const char *id, *lock, *name, *pin;
	int from, until; /* minutes from now */
	const char *status;
	enum tri scheduled;
	bool managed;
	const char *errors;
} codes[] = {
	{ "code-berg", "lock-101", "Anna Berg", "4821", -1818, 2262, "set", TRI_YES, true, NULL },
	{ "code-mueller", "lock-102", "Mueller, J.", "9034", -1818, 402, "set", TRI_YES, true, NULL },
	{ "code-ito", "lock-102", "伊藤 さくら", "77120", 1062, 3702, "unset", TRI_YES, true, NULL },
	{ "code-rossi", "lock-103", "Rossi family", "3316", -378, 3702, "set", TRI_YES, true, NULL },
	{ "code-haddad", "lock-104", "حداد، ليلى", "551203", 42, 3702, "unset", TRI_NO, true, NULL },
	{ "code-dubois", "lock-201", "Dubois", "6417", 117, 5142, "unset", TRI_NO, true, NOT_SET },
	{ "code-priya", "lock-gym", "Priya N.", "118264", NEVER, NEVER, "set", TRI_UNKNOWN, true, NULL },
	{ "code-zoe", "lock-gym", "Zoe\xcc\x88 Mu\xcc\x88ller", "204816", NEVER, NEVER, "set",
	  TRI_UNKNOWN, true, NULL },
	{ "code-tom", "lock-gym", "Tom O'Brien", "730518", NEVER, NEVER, "set", TRI_UNKNOWN, true, NULL },
	{ "code-haddad-gym", "lock-gym", "حداد، ليلى", "551203", 42, 3702, "setting", TRI_NO, true, NULL },
	{ "code-staff", "lock-laundry", "staff", "2580", NEVER, NEVER, "set", TRI_UNKNOWN, true, NULL },
	{ "code-evil", "lock-laundry", "x\x1b]0;owned\x07\x1b[2Jy\xe2\x80\xae" "drow", "6022", 6042,
	  8922, "unset", TRI_NO, true, NULL },
	{ "code-long", "lock-hall", "Maximiliane von und zu Hohenlohe-Waldenburg-Schillingsfürst",
	  "8143", -198, 1602, "set", TRI_YES, true, NULL },
	{ "code-stray", "lock-hall", "left over", "1470", NEVER, NEVER, "set", TRI_UNKNOWN, false, NULL },
};

/* What keyrackd says of some of them beyond the API. */
static const struct {
	const char *code, *rest;
} outlooks[] = {
	{ "code-haddad-gym",
	  "{\"keyrackd\":{\"reason\":\"just-in-time\",\"words\":\"60 minutes before its start: the lock "
	  "has no schedule\",\"proof\":\"none\",\"next_at\":\"2026-11-22T20:18:30Z\","
	  "\"early_from\":\"2026-11-22T20:00:00Z\"}}" },
	{ "code-rossi",
	  "{\"keyrackd\":{\"reason\":\"proven\",\"words\":\"read back and equal\","
	  "\"proof\":\"proven\",\"next_at\":\"2026-11-25T10:00:00Z\",\"early_from\":null}}" },
};

static const char *rest_of(const char *code)
{
	for (size_t i = 0; i < G_N_ELEMENTS(outlooks); i++)
		if (strcmp(outlooks[i].code, code) == 0)
			return outlooks[i].rest;
	return NULL;
}

static void make_codes(struct cache *c)
{
	for (size_t i = 0; i < G_N_ELEMENTS(codes); i++) {
		GError *err = NULL;
		bool bound = codes[i].until != NEVER, managed = codes[i].managed;
		struct access_code ac = {
			.access_code_id = codes[i].id,
			.device_id = codes[i].lock,
			.workspace_id = "w1",
			.managed = managed,
			.time_bound = bound,
			.type = bound ? "time_bound" : "ongoing",
			.status = codes[i].status,
			.name = codes[i].name,
			.code = codes[i].pin,
			.starts_at = at(codes[i].from),
			.ends_at = at(codes[i].until),
			.created_at = at(-12000),
			.is_scheduled_on_device = codes[i].scheduled,
			.is_waiting_for_code_assignment = TRI_NO,
			.is_external_modification_allowed = managed ? TRI_NO : TRI_UNKNOWN,
			.is_offline_access_code = TRI_NO,
			.is_one_time_use = TRI_NO,
			.is_backup = TRI_NO,
			.is_backup_access_code_available = i % 2 ? TRI_YES : TRI_NO,
			.cannot_be_managed = TRI_UNKNOWN,
			.cannot_delete = TRI_UNKNOWN,
			.errors = codes[i].errors,
			.rest = rest_of(codes[i].id),
		};

		must(cache_put_code(c, &ac, 0, &err) >= 0, err);
	}
}

/* ---- events ---- */

static const struct {
	const char *type, *lock, *code, *method;
	int seconds; /* before now */
} events[] = {
	{ "access_code.set_on_device", "lock-101", "code-berg", NULL, 107400 },
	{ "lock.unlocked", "lock-101", "code-berg", "keycode", 90000 },
	{ "lock.locked", "lock-101", NULL, "automatic", 89940 },
	{ "device.disconnected", "lock-201", NULL, NULL, 7080 },
	{ "access_code.failed_to_set_on_device", "lock-201", "code-dubois", NULL, 7075 },
	{ "access_code.set_on_device", "lock-102", "code-mueller", NULL, 960 },
	{ "lock.unlocked", "lock-laundry", NULL, "keycode", 540 },
	{ "lock.unlocked", "lock-hall", NULL, "remote", 360 },
	{ "lock.unlocked", "lock-gym", NULL, "keycode", 120 },
	{ "lock.unlocked", "lock-103", "code-rossi", "keycode", 2 },
};

static void make_events(struct cache *c)
{
	for (size_t i = 0; i < G_N_ELEMENTS(events); i++) {
		GError *err = NULL;
		struct instant t = { HOUSE_NOW.ms - events[i].seconds * SECOND_MS };
		g_autofree char *id = g_strdup_printf("event-%zu", i);
		struct event e = {
			.event_id = id,
			.event_type = events[i].type,
			.workspace_id = "w1",
			.device_id = events[i].lock,
			.access_code_id = events[i].code,
			.method = events[i].method,
			.created_at = t,
			.occurred_at = t,
			.object = "{}",
		};

		must(cache_put_event(c, &e, &err) >= 0, err);
	}
}

/* ---- reservations ---- */

static const struct {
	const char *source, *key, *guest, *door, *phone;
	int from, until; /* minutes from now */
	enum reservation_status status;
	const char *refused;
} reservations[] = {
	{ "airbnb-101", "hm1@airbnb.com", NULL, NULL, "4711", 2502, 6582, RESERVATION_CONFIRMED, NULL },
	{ "airbnb-101", "hm2@airbnb.com", NULL, NULL, NULL, 12582, 16662, RESERVATION_BLOCK, NULL },
	{ "airbnb-101", "hm3@airbnb.com", "Okafor, Chidi", NULL, "0042", 45702, 48342, RESERVATION_CONFIRMED, NULL },
	{ "hausliste.csv", "2026-11", "Müller, Jürgen", "102", "01512345678", 2502, 5142, RESERVATION_CONFIRMED,
	  NULL },
	{ "hausliste.csv", "2026-12", "Groß, Änne", "103", NULL, 3942, 6582, RESERVATION_CONFIRMED, NULL },
	{ "hausliste.csv", "2026-13", "伊藤 さくら", "102 Garden", NULL, 1062, 3702, RESERVATION_CONFIRMED, NULL },
	{ "hausliste.csv", "2026-14", "x\x1b]0;owned\x07y", "999", NULL, 3942, 6582, RESERVATION_CONFIRMED, NULL },
	{ "hausliste.csv", "2026-15", "Storch", "104", NULL, 3942, 6582, RESERVATION_CANCELLED, NULL },
	{ "hausliste.csv", "line 7", "Dubois", "201", NULL, NEVER, NEVER, RESERVATION_CONFIRMED,
	  "That month has no day 30" },
};

static void make_feed(struct cache *c, const char *source, struct instant read_at)
{
	g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(struct reservation));
	GError *err = NULL;

	for (size_t i = 0; i < G_N_ELEMENTS(reservations); i++) {
		struct reservation r = {
			.key = reservations[i].key,
			.guest = reservations[i].guest,
			.door = reservations[i].door,
			.phone = reservations[i].phone,
			.starts_at = at(reservations[i].from),
			.ends_at = at(reservations[i].until),
			.status = reservations[i].status,
			.refused = reservations[i].refused,
		};

		if (strcmp(reservations[i].source, source) != 0)
			continue;
		r.line = (int)rows->len + 2;
		g_array_append_val(rows, r);
	}
	must(cache_feed_store(c, source, rows, false, NULL, NULL, read_at, &err), err);
}

static void make_feeds(struct cache *c)
{
	GError *err = NULL;

	make_feed(c, "airbnb-101", at(-4));
	make_feed(c, "hausliste.csv", at(-2000));
	must(cache_feed_tried(c, "booking", "admin.booking.com: no answer within 60 s.", at(-7), &err), err);
}

void house_make(const char *path)
{
	GError *err = NULL;
	struct cache *c = cache_open(path, CACHE_SYNC, false, &err);

	must(c != NULL, err);
	must(cache_begin(c, &err), err);
	make_locks(c);
	make_codes(c);
	make_events(c);
	make_feeds(c);
	must(cache_commit(c, &err), err);
	cache_close(c);
}

static void add_feed(struct profile *p, const char *name, const char *url, const char *room, enum feed_auto what)
{
	struct feed_profile *f = g_new0(struct feed_profile, 1);

	*f = (struct feed_profile){ .name = g_strdup(name), .url = g_strdup(url), .room = g_strdup(room),
				    .auto_apply = what, .interval_ms = 900000 };
	g_ptr_array_add(p->feeds, f);
}

/* Who works at Harbour House does so in the morning, or on the nights of the weekend. */
static void add_named(struct profile *p)
{
	static char early[] = "early", porter[] = "night porter", basement[] = "Basement", set[] = "basement",
		    keeping[] = "housekeeping", rooms[] = "101 Garden, 102 Garden, Gym";
	static struct named_pattern patterns[] = { { early, 'e', { 0x1f, 8 * 60, 14 * 60 } },
						   { porter, 'n', { 0x30, 22 * 60, 30 * 60 } } };
	static struct door_set sets[] = { { keeping, 'h', rooms, NULL },
					  { set, 'b', NULL, basement } };

	p->patterns = g_ptr_array_new();
	p->door_sets = g_ptr_array_new();
	for (size_t i = 0; i < 2; i++) {
		g_ptr_array_add(p->patterns, &patterns[i]);
		g_ptr_array_add(p->door_sets, &sets[i]);
	}
}

struct profile *house_profile(const char *folder)
{
	struct profile *p = g_new0(struct profile, 1);

	p->id = g_strdup("harbour");
	p->name = g_strdup("Harbour House");
	p->endpoint = g_strdup("http://127.0.0.1:9");
	p->zone = g_strdup("Europe/Berlin");
	p->folder = g_strdup(folder);
	p->poll_interval_ms = 2000;
	p->check_in = 15 * 60;
	p->check_out = 11 * 60;
	p->move_overlap = 30;
	p->mouse = true;
	p->notify_code_failed = p->notify_lock_offline = true;
	p->notify_sync_stopped = p->notify_refused = true;
	p->bell = true;
	p->warnings = g_ptr_array_new_with_free_func(g_free);
	p->feeds = g_ptr_array_new_with_free_func((GDestroyNotify)feed_profile_free);
	add_named(p);
	add_feed(p, "airbnb-101", "https://www.airbnb.com/calendar/ical/123.ics?s=SECRET", "101 Garden", FEED_AUTO_NO);
	add_feed(p, "booking", "https://admin.booking.com/hotel/ical.html?t=SECRET", "104 Sea", FEED_AUTO_NEW);
	return p;
}

char *house_build(void)
{
	char *folder = g_dir_make_tmp("keyrack-house-XXXXXX", NULL);
	g_autofree char *path = g_build_filename(folder, "cache.db", NULL);

	house_make(path);
	return folder;
}

void house_pull_down(const char *folder)
{
	GDir *dir = g_dir_open(folder, 0, NULL);
	const char *name;

	while (dir && (name = g_dir_read_name(dir))) {
		g_autofree char *path = g_build_filename(folder, name, NULL);

		g_unlink(path);
	}
	if (dir)
		g_dir_close(dir);
	g_rmdir(folder);
}
