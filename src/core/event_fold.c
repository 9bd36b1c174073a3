/* event_fold - see the header. */
#include "core/event_fold.h"

/* A group that is still growing at one lock: its newest and its oldest member so far. */
struct open {
	int64_t lock_no;
	size_t head, last;
};

static bool joins(const struct fold_event *newer, const struct fold_event *older, bool repeats)
{
	int64_t gap = instant_diff_ms(newer->at, older->at);

	if (newer->kind == EVENT_DENIED || older->kind == EVENT_DENIED)
		return newer->kind == older->kind && gap <= FOLD_BURST_MS;
	return repeats && gap <= FOLD_REPEAT_MS && newer->code_no == older->code_no &&
	       g_strcmp0(newer->type, older->type) == 0;
}

/* Somebody who came in at last ends the tries before; what else the door does meanwhile does not. */
static bool ends(const struct fold_event *member, const struct fold_event *other)
{
	return member->kind != EVENT_DENIED || other->kind == EVENT_UNLOCK;
}

static void join(const struct fold_event *e, struct fold *out, struct open *group, size_t i)
{
	struct fold *head = &out[group->head];

	out[i].head = group->head;
	head->count++;
	head->span_ms = instant_diff_ms(e[group->head].at, e[i].at);
	group->last = i;
}

/* Three within the time, anywhere in a chain of them. */
static bool is_burst(const struct fold_event *e, const struct fold *out, size_t n, size_t head)
{
	size_t member[FOLD_BURST];
	int seen = 0;

	for (size_t i = head; i < n && seen < out[head].count; i++) {
		if (out[i].head != head)
			continue;
		member[seen++ % FOLD_BURST] = i;
		if (seen >= FOLD_BURST &&
		    instant_diff_ms(e[member[seen % FOLD_BURST]].at, e[i].at) <= FOLD_BURST_MS)
			return true;
	}
	return false;
}

static void dissolve(struct fold *out, size_t n, size_t head)
{
	for (size_t i = head; i < n; i++)
		if (out[i].head == head)
			out[i] = (struct fold){ i, 1, 0 };
}

void event_fold(const struct fold_event *e, size_t n, bool repeats, struct fold *out)
{
	g_autoptr(GHashTable) open = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, g_free);

	for (size_t i = 0; i < n; i++) {
		struct open *group = e[i].lock_no ? g_hash_table_lookup(open, &e[i].lock_no) : NULL;

		out[i] = (struct fold){ i, 1, 0 };
		if (group && joins(&e[group->last], &e[i], repeats)) {
			join(e, out, group, i);
			continue;
		}
		if (!e[i].lock_no || (group && !ends(&e[group->last], &e[i]) && e[i].kind != EVENT_DENIED))
			continue;
		group = g_new(struct open, 1);
		*group = (struct open){ e[i].lock_no, i, i };
		g_hash_table_replace(open, &group->lock_no, group);
	}
	for (size_t i = 0; i < n; i++)
		if (out[i].head == i && out[i].count > 1 && e[i].kind == EVENT_DENIED && !is_burst(e, out, n, i))
			dissolve(out, n, i);
}
