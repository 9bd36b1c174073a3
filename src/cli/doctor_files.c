/* doctor_files - the checks of what people write by hand: themes, the rack's columns, lists of reservations.
 * Each finding says the file and the line. */
#include <string.h>
#include <unistd.h>

#include "cache/feeds.h"
#include "cli/doctor.h"
#include "core/plain_file.h"
#include "core/profile_feed.h"
#include "feed/parse.h"
#include "feed/source.h"
#include "ui/app.h"

#define LINES_TOLD 5 /* of a list: who has more begins with these */

/* Where a key of keyrack.conf stands: "/home/.../keyrack.conf, line 12". Newly allocated. */
static char *place_of(const char *group, const char *key)
{
	g_autofree char *path = profile_config_path(), *text = NULL;
	g_autofree char *head = g_strdup_printf("[%s]", group);
	g_auto(GStrv) lines = NULL;
	bool inside = false;

	if (!(text = plain_file_read(path, NULL)))
		return g_steal_pointer(&path);
	lines = g_strsplit(text, "\n", -1);
	for (int i = 0; lines[i]; i++) {
		const char *line = g_strstrip(lines[i]);
		size_t n = strlen(key);

		if (*line == '[')
			inside = strcmp(line, head) == 0;
		else if (inside && strncmp(line, key, n) == 0 && strchr(" \t=", line[n]))
			return g_strdup_printf("%s, line %d", path, i + 1);
	}
	return g_steal_pointer(&path);
}

void doctor_themes(struct doctor *d)
{
	const char *wanted = d->cli->theme ? d->cli->theme : d->cli->profile ? d->cli->profile->theme : NULL;
	unsigned n;
	g_autoptr(GPtrArray) warnings = app_check_themes(wanted, &n);

	for (guint i = 0; i < warnings->len; i++)
		doctor_say(d, DOCTOR_WARN, "Correct that line: until then what it inherits is shown", "%s",
			   (const char *)warnings->pdata[i]);
	if (!warnings->len)
		doctor_say(d, DOCTOR_OK, NULL, "%u can be chosen, %s is", n,
			   wanted ? wanted : "the one that fits the terminal");
}

void doctor_columns(struct doctor *d)
{
	const char *written = d->cli->profile->rack_columns;
	g_autofree char *known = NULL, *unknown = NULL, *place = NULL;

	if (!written) {
		doctor_say(d, DOCTOR_OK, NULL, "as usual: nobody has chosen others in keyrack.conf");
		return;
	}
	unknown = app_check_columns(written, &known);
	place = place_of("rack", "columns");
	if (unknown)
		doctor_say(d, DOCTOR_WARN, "Write one of those; until then the usual columns are shown",
			   "%s: '%s' is no column of the rack: %s", place, unknown, known);
	else
		doctor_say(d, DOCTOR_OK, NULL, "%s", written);
}

/* ---- lists of reservations ---- */

static void say_rows(struct doctor *d, const struct feed_profile *f, const struct reservations *read)
{
	guint refused = 0;

	for (guint i = 0; i < read->rows->len; i++) {
		const struct reservation *r = reservations_at(read, i);

		if (r->refused && refused++ < LINES_TOLD)
			doctor_say(d, DOCTOR_WARN, "Correct it in the list; the rows beside it are taken",
				   "%s: %s, line %d: %s", f->name, f->url, r->line, r->refused);
	}
	if (refused > LINES_TOLD)
		doctor_say(d, DOCTOR_WARN, "keyrack import FILE --dry-run shows each row", "%s: and %u rows more",
			   f->name, refused - LINES_TOLD);
	if (!refused)
		doctor_say(d, DOCTOR_OK, NULL, "%s: %u rows in %s", f->name, read->rows->len, f->url);
}

static void check_file(struct doctor *d, const struct feed_profile *f)
{
	const struct profile *p = d->cli->profile;
	struct parse_context ctx = { cli_zone(d->cli, NULL), d->cli->now, p->check_in, p->check_out };
	g_autofree char *group = g_strconcat(FEED_GROUP_PREFIX, f->name, NULL), *place = place_of(group, "url");
	g_autoptr(GError) err = NULL;
	size_t len = 0;
	g_autofree char *text = source_read_file(f->url, &len, &err);
	OWN(reservations) struct reservations *read = text ? feed_parse(text, len, &ctx, &err) : NULL;

	if (!text)
		doctor_say(d, DOCTOR_BAD, "Put the list there, or name the file that is", "%s: %s (%s)", f->name,
			   err->message, place);
	else if (!read)
		doctor_say(d, DOCTOR_BAD, "Correct the list; what was read well before stays", "%s: %s: %s", f->name,
			   f->url, err->message);
	else
		say_rows(d, f, read);
}

/* Only sync asks the network: what it heard last. */
static void check_fetched(struct doctor *d, const struct feed_profile *f)
{
	OWN(cache_list) struct cache_list *list = d->cli->cache ? cache_feed(d->cli->cache, f->name, NULL) : NULL;
	const struct feed_state *s = list && list->rows->len ? cache_list_at(list, struct feed_state, 0) : NULL;
	g_autofree char *place = feed_profile_place(f);
	g_autofree char *ok = s && instant_known(s->ok_at) ? cli_when_full(d->cli, NULL, s->ok_at) : g_strdup("never");

	if (s && s->error)
		doctor_say(d, DOCTOR_WARN, "Look at its address in keyrack.conf; what was read well before stays",
			   "%s: %s: %s; read well: %s", f->name, place, s->error, ok);
	else if (s)
		doctor_say(d, DOCTOR_OK, NULL, "%s: %s, read well: %s", f->name, place, ok);
	else
		doctor_say(d, DOCTOR_OK, NULL, "%s: %s, not fetched yet", f->name, place);
}

void doctor_feeds(struct doctor *d)
{
	const GPtrArray *feeds = d->cli->profile->feeds;

	for (guint i = 0; feeds && i < feeds->len; i++) {
		const struct feed_profile *f = feeds->pdata[i];

		if (strstr(f->url, "://"))
			check_fetched(d, f);
		else
			check_file(d, f);
	}
	if (!feeds || !feeds->len)
		doctor_say(d, DOCTOR_OK, NULL, "none: reservations are imported by hand");
}
