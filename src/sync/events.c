/* See events.h for how a walk proceeds; here it is also carried out. */
#include "config.h"

#include "sync/events.h"
#include "sync/machine.h"

void events_walk_init(struct events_walk *w, struct instant since, int limit)
{
	*w = (struct events_walk){
		.since = since,
		.until = INSTANT_NONE,
		.limit = limit,
		.newest = INSTANT_NONE,
		.restart = INSTANT_NONE,
	};
}

static struct instant later(struct instant a, struct instant b)
{
	if (!instant_known(a))
		return b;
	return instant_known(b) && instant_before(a, b) ? b : a;
}

static void walk_back(struct events_walk *w, struct instant oldest)
{
	struct instant until = instant_add_ms(oldest, 1);

	if (!instant_known(w->until) || instant_before(until, w->until)) {
		w->until = until;
		w->offset = 0;
	} else {
		w->offset += w->limit;
	}
}

static void walk_forward(struct events_walk *w, struct instant newest)
{
	struct instant since = instant_add_ms(newest, -1);

	if (instant_before(w->since, since)) {
		w->since = since;
		w->offset = 0;
	} else {
		w->offset += w->limit;
	}
	w->until = INSTANT_NONE;
}

bool events_walk_next(struct events_walk *w, const struct events_seen *seen)
{
	bool first_page = !instant_known(w->newest);

	w->newest = later(w->newest, seen->newest);
	if (first_page && seen->n >= w->limit && !instant_before(seen->last, seen->first)) {
		w->forward_wanted = true;
		w->restart = seen->newest;
	}
	/* A short page is the last one; one longer than the limit says that limits are ignored. */
	if (seen->n == w->limit && instant_known(seen->oldest)) {
		if (w->forward)
			walk_forward(w, seen->newest);
		else
			walk_back(w, seen->oldest);
		return true;
	}
	if (!w->forward_wanted || seen->n > w->limit)
		return false;
	w->forward_wanted = false;
	w->forward = true;
	w->offset = 0;
	walk_forward(w, w->restart);
	return true;
}

/* ---- carrying it out ---- */

struct reading {
	struct sync *s;
	struct events_walk walk;
	int left; /* events that may still come */
	events_page *page;
	events_done *done;
	void *ctx;
};

static struct instant created_at(const json_t *event)
{
	struct instant t = INSTANT_NONE;
	const char *text = json_string_value(json_object_get(event, "created_at"));

	if (text)
		instant_parse(text, -1, &t);
	return t;
}

static struct events_seen look_at(const json_t *events)
{
	struct events_seen seen = { 0, INSTANT_NONE, INSTANT_NONE, INSTANT_NONE, INSTANT_NONE };
	json_t *event;
	size_t i;

	json_array_foreach(events, i, event) {
		struct instant t = created_at(event);

		seen.n++;
		if (!instant_known(t))
			continue;
		if (!instant_known(seen.first))
			seen.first = seen.oldest = t;
		seen.last = t;
		seen.newest = later(seen.newest, t);
		if (instant_before(t, seen.oldest))
			seen.oldest = t;
	}
	return seen;
}

static void ask(struct reading *r);

static void on_answer(const struct wire_answer *a, void *ctx)
{
	struct reading *r = ctx;
	json_t *events = a->body ? json_object_get(a->body, "events") : NULL;
	bool more = false;

	if (a->outcome == WIRE_OK && json_array_size(events) > 0) {
		struct events_seen seen = look_at(events);

		r->page(events, r->ctx);
		r->left -= seen.n;
		more = events_walk_next(&r->walk, &seen) && r->left > 0;
	} else if (a->outcome == WIRE_OK && !json_is_array(events)) {
		/* No list is no empty one: what happened until now would never be asked for again. */
		struct wire_answer lost = *a;

		lost.outcome = WIRE_LOST;
		lost.message = "the answer to /events/list has no list of events";
		r->done(&lost, INSTANT_NONE, r->ctx);
		g_free(r);
		return;
	} else if (a->outcome == WIRE_OK) {
		struct events_seen none = { 0, INSTANT_NONE, INSTANT_NONE, INSTANT_NONE,
					    INSTANT_NONE };

		more = events_walk_next(&r->walk, &none);
	}
	if (more) {
		ask(r);
		return;
	}
	r->done(a, r->walk.newest, r->ctx);
	g_free(r);
}

static void ask(struct reading *r)
{
	char since[INSTANT_TEXT_MAX], until[INSTANT_TEXT_MAX];
	json_t *params = json_pack("{s:i}", "limit", r->walk.limit);

	instant_format(r->walk.since, since);
	if (instant_known(r->walk.until))
		json_object_set_new(params, "between",
				    json_pack("[s, s]", since,
					      instant_format(r->walk.until, until)));
	else
		json_object_set_new(params, "since", json_string(since));
	if (r->walk.offset > 0)
		json_object_set_new(params, "unstable_offset", json_integer(r->walk.offset));
	wire_call(r->s->client, WIRE_READ, "/events/list", params, on_answer, r);
	json_decref(params);
}

void events_read(struct sync *s, struct instant since, int max, events_page *page,
		 events_done *done, void *ctx)
{
	struct reading *r = g_new0(struct reading, 1);

	r->s = s;
	r->left = max;
	r->page = page;
	r->done = done;
	r->ctx = ctx;
	events_walk_init(&r->walk, since, EVENTS_PAGE);
	ask(r);
}
