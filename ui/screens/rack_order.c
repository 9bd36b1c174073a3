/* rack_order - the order of the rack's locks and its columns, and that they are found again tomorrow. */
#include "ui/screens/rack.h"

#include <string.h>

#include "core/i18n.h"
#include "ui/screens/palette.h"
#include "ui/screens/view_state.h"

const char *const rack_sorts[] = { "name", "place", "trouble", "battery", "next", NULL };
const char *const rack_zooms[] = { "hour", "day", "week", "month", NULL };

void rack_restore(struct rack *r)
{
	struct view_state v;

	const struct profile *p = r->base.world->profile;
	g_autofree char *unknown = NULL;

	view_state_load(p, &v);
	if (p->rack_columns && !columns_parse(p->rack_columns, &(struct columns){ 0 }, &unknown))
		app_message(r->base.app, true, _("[rack] columns: there is no column '%s'; | offers them all."),
			    unknown);
	r->rows.sort = v.sort;
	r->rows.reversed = v.reversed;
	r->rows.group = v.group;
	r->columns = v.columns;
	r->zoom = v.zoom;
}

void rack_keep(const struct rack *r)
{
	struct view_state v = { .sort = r->rows.sort, .reversed = r->rows.reversed, .zoom = r->zoom,
				.group = r->rows.group,
				.columns = r->columns };

	view_state_save(r->base.world->profile, &v);
}

void rack_sort(struct rack *r, enum lock_sort by, bool reversed)
{
	static const char *const words[][2] = {
		[LOCKS_BY_NAME] = { N_("Sorted by name."), N_("Sorted by name, the last first.") },
		[LOCKS_BY_PLACE] = { N_("Sorted by place."), N_("Sorted by place, the last first.") },
		[LOCKS_BY_TROUBLE] = { N_("Sorted by trouble first."), N_("Sorted by trouble last.") },
		[LOCKS_BY_BATTERY] = { N_("Sorted by battery, lowest first."),
				       N_("Sorted by battery, highest first.") },
		[LOCKS_BY_NEXT] = { N_("Sorted by next arrival."), N_("Sorted by next arrival, the latest first.") },
	};

	r->rows.sort = by;
	r->rows.reversed = reversed;
	rack_reload(r);
	rack_keep(r);
	app_message(r->base.app, false, "%s", _(words[by][reversed]));
}

/* Columns that locks are sorted by go by their own names too: "sort state", "sort room". */
GPtrArray *rack_sort_words(void)
{
	GPtrArray *words = g_ptr_array_new();

	for (int i = 0; rack_sorts[i]; i++)
		g_ptr_array_add(words, (char *)(uintptr_t)rack_sorts[i]);
	for (int c = 0; c < COLUMN_COUNT; c++) {
		const struct column_info *info = column_info((enum column)c);

		if (info->sort >= 0 && !g_ptr_array_find_with_equal_func(words, info->name, g_str_equal, NULL))
			g_ptr_array_add(words, (char *)(uintptr_t)info->name);
	}
	g_ptr_array_add(words, NULL);
	return words;
}

void rack_sort_named(struct rack *r, const char *word)
{
	g_autoptr(GPtrArray) words = rack_sort_words();
	int picked = palette_pick(r->base.app, word, (const char *const *)words->pdata);

	if (picked < 0)
		return;
	if (picked <= LOCKS_BY_NEXT) {
		rack_sort(r, (enum lock_sort)picked, false);
		return;
	}
	for (int c = 0; c < COLUMN_COUNT; c++)
		if (strcmp(column_info((enum column)c)->name, words->pdata[picked]) == 0)
			rack_sort(r, (enum lock_sort)column_info((enum column)c)->sort, false);
}

/* By that column; the one that it is by already turns round. */
bool rack_click_head(struct rack *r, int col)
{
	for (int c = 0; c < COLUMN_COUNT; c++) {
		const struct column_info *info = column_info((enum column)c);
		int from = r->lay.col[c];

		if (!r->lay.width[c] || col < from || col >= from + r->lay.width[c])
			continue;
		if (info->sort < 0)
			app_message(r->base.app, false, _("The locks cannot be sorted by that."));
		else
			rack_sort(r, (enum lock_sort)info->sort, info->sort == (int)r->rows.sort && !r->rows.reversed);
		return true;
	}
	return true;
}

static void columns_changed(void *ctx)
{
	rack_keep(ctx);
}

void rack_pick_columns(struct rack *r)
{
	app_push(r->base.app, columns_pick_new(r->base.app, r->base.world, &r->columns, &r->lay,
						 columns_changed, r));
}

static void say_columns(struct rack *r)
{
	g_autofree char *all = columns_format(&r->columns);

	rack_keep(r);
	app_message(r->base.app, false, _("Columns: %s"), all);
}

/* "battery" shows it or not, "state, battery:6" shows those, "standard" what the width has. */
void rack_columns_named(struct rack *r, const char *words)
{
	const char *names[COLUMN_COUNT] = { NULL };
	g_autofree char *unknown = NULL;
	struct columns c;
	int picked;

	if (strpbrk(words, ",:")) {
		if (columns_parse(words, &c, &unknown)) {
			r->columns = c;
			say_columns(r);
		} else {
			app_message(r->base.app, true, _("There is no column '%s'; | offers them all."), unknown);
		}
		return;
	}
	for (int i = COLUMN_STATE; i < COLUMN_COUNT; i++)
		names[i - COLUMN_STATE] = column_info((enum column)i)->name;
	names[COLUMN_COUNT - COLUMN_STATE] = RACK_COLUMNS_STANDARD;
	picked = palette_pick(r->base.app, words, names);
	if (picked < 0)
		return;
	if (picked == COLUMN_COUNT - COLUMN_STATE)
		columns_standard(&r->columns);
	else
		columns_settle(&r->columns, &r->lay);
	for (int at = 0; picked < COLUMN_COUNT - COLUMN_STATE && at < COLUMN_COUNT; at++) {
		if (r->columns.order[at] != (enum column)(picked + COLUMN_STATE))
			continue;
		columns_toggle(&r->columns, at);
		break;
	}
	say_columns(r);
}

void rack_group_next(struct rack *r)
{
	static const char *const words[GROUP_COUNT] = { N_("The locks in one list."), N_("Grouped by place."),
							N_("Grouped by brand.") };

	r->rows.group = (enum lock_group)((r->rows.group + 1) % GROUP_COUNT);
	g_hash_table_remove_all(r->rows.folded);
	rack_reload(r);
	rack_keep(r);
	app_message(r->base.app, false, "%s", _(words[r->rows.group]));
}
