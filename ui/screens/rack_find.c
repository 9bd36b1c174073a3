/* rack_find - what is searched for, and where that leaves the cursor. */
#include "ui/screens/rack.h"

#include "ui/app_core.h"

void rack_find(struct rack *r, const char *words)
{
	struct rack_lock *first;
	int64_t on_code_of = rack_code(r) ? r->lock_no : 0;

	g_free(r->rows.find);
	r->rows.find = words && *words ? g_strdup(words) : NULL;
	/* What was folded by hand belongs to the whole list, not to the matches. */
	g_hash_table_remove_all(r->rows.other_way);
	rack_rows_keep_open(&r->rows, on_code_of);
	r->bar = -1;
	rack_reload(r);
	if (!r->rows.find || r->rows.yield.gave_way)
		return;
	/* Onto what was searched for: the guest, or the lock where it is the lock's own name. */
	first = rack_rows_at(&r->rows, 0);
	if (first && first->found)
		rack_go(r, (struct place){ 0, MAX(rack_guest(first, r->base.world->zone, r->base.world->now), 0) });
	else
		rack_go(r, (struct place){ 0, -1 });
}

void rack_find_now(struct rack *r)
{
	if (r->find_stale)
		rack_find(r, r->find.text->str);
	r->find_stale = false;
}

/* Once a frame: of what is typed quickly only the last is searched for, and what is searched for is given up
 * for the next letter. Until then the list is that of the word before, on which no key acts: those that would
 * (Enter, Up, Down) search first, to the end. */
void rack_find_unless_typing(struct rack *r)
{
	const struct app_host *host = &r->base.app->host;

	if (!r->find_stale)
		return;
	r->rows.yield = (struct cache_yield){ .waiting = host->waiting, .ctx = host->ctx };
	rack_find(r, r->find.text->str);
	r->find_stale = r->rows.yield.gave_way;
	r->rows.yield = (struct cache_yield){ 0 };
}

void rack_find_end(struct rack *r)
{
	r->finding = false;
	r->find_stale = false;
	field_set(&r->find, "");
	if (r->rows.find)
		rack_find(r, NULL);
}
