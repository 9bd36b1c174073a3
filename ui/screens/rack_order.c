/* rack_order - the order of the rack's locks and its columns, and that they are found again tomorrow. */
#include "ui/screens/rack.h"

#include "core/i18n.h"
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
		app_message(r->base.app, true, _("[rack] columns: there is no column '%s'; | offers them all."), unknown);
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
		[LOCKS_BY_BATTERY] = { N_("Sorted by battery, lowest first."), N_("Sorted by battery, highest first.") },
		[LOCKS_BY_NEXT] = { N_("Sorted by next arrival."), N_("Sorted by next arrival, the latest first.") },
	};

	r->rows.sort = by;
	r->rows.reversed = reversed;
	rack_reload(r);
	rack_keep(r);
	app_message(r->base.app, false, "%s", _(words[by][reversed]));
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
