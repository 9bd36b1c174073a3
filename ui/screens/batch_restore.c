/* batch_restore - an export read into a batch: asks for the file's name. */
#include "cache/restore.h"

#include "core/i18n.h"
#include "ui/screens/batch.h"

struct restoring {
	struct world *world;
	char *path;
};

static void restoring_free(void *p)
{
	struct restoring *r = p;

	g_free(r->path);
	g_free(r);
}

static struct batch *load(const struct restoring *r, GError **err)
{
	const struct world *w = r->world;
	OWN(codes_file) struct codes_file *e = codes_file_load(r->path, err);

	struct batch *b = e ? restore_batch(w->cache, e, w->profile->id, w->zone, w->now, err) : NULL;

	if (b) {
		g_free(b->source);
		b->source = g_strdup(r->path);
		b->act = g_strdup(N_("restore"));
	}
	return b;
}

static struct batch *make(void *ctx)
{
	return load(ctx, NULL);
}

static void chosen(struct app *app, const char *path, void *ctx)
{
	struct restoring *r = g_new0(struct restoring, 1);
	g_autoptr(GError) err = NULL;
	struct batch *b;

	r->world = ctx;
	r->path = g_str_has_prefix(path, "~/") ? g_build_filename(g_get_home_dir(), path + 2, NULL) : g_strdup(path);
	b = load(r, &err);
	if (!b) {
		app_message(app, true, "%s", err->message);
		restoring_free(r);
		return;
	}
	b->strict = true;
	b->again = make;
	b->again_ctx = r;
	b->again_free = restoring_free;
	app_push(app, batch_screen_new(app, r->world, b));
}

void batch_restore_ask(struct app *app, struct world *w)
{
	const char *path = app_argument(app);

	if (path) {
		chosen(app, path, w);
		return;
	}
	app_ask_line(app, _("Restore from which export?"),
		     _("A file that keyrack export has written. What would be done is shown first."), "", chosen, w,
		     NULL);
}
