/* console_sync - the console and the sync that serves it: found, started, listened to. */
#include "ui/console.h"

#include <string.h>

#include "core/i18n.h"

static gboolean on_retry(gpointer p)
{
	struct console *c = p;

	c->retry = 0;
	console_connect_sync(c);
	return G_SOURCE_REMOVE;
}

/* No sync yet: start one, then look for it again soon, and ever less often. */
void console_connect_sync(struct console *c)
{
	g_autoptr(GError) err = NULL;

	console_turn_begin(c);
	if (poke_client_connect(c->poke, NULL)) {
		c->app->world.sync_connected = true;
		c->start_tried = false;
		c->retry_ms = RETRY_FIRST_MS;
		app_changed(c->app, POKE_ALL);
		console_want_look(c, POKE_ALL);
		return;
	}
	c->app->world.sync_connected = false;
	if (!c->start_tried && c->opt->start_sync) {
		c->start_tried = true;
		if (!c->opt->start_sync(c->profile, &err))
			app_message(c->app, true, _("sync did not start: %s"),
				    err ? err->message : _("no reason given"));
	}
	c->retry = g_timeout_add((unsigned)c->retry_ms, on_retry, c);
	c->retry_ms = MIN(c->retry_ms * 2, RETRY_LAST_MS);
	/* A sync that did not come up in half a minute is started anew. */
	if (c->retry_ms == RETRY_LAST_MS)
		c->start_tried = false;
}

static void on_poke_changed(unsigned mask, void *ctx)
{
	struct console *c = ctx;
	struct cache *cache = c->app->world.cache;

	/* Sync made a new file, because the old one was deleted or damaged. */
	if (!cache_is_in_place(cache) && cache_reopen(cache, c->profile->group, NULL))
		mask = POKE_ALL;
	console_turn_begin(c);
	app_changed(c->app, mask);
	console_want_look(c, mask);
	if (c->notify)
		notify_changed(c->notify, &c->app->world, mask);
	console_turn_end(c);
}

static void on_poke_status(const struct poke_status *s, void *ctx)
{
	struct console *c = ctx;

	bool compared = c->sync.phase == SYNC_COMPARING && s->phase == SYNC_FOLLOWING;

	console_turn_begin(c);
	if (compared && c->compare_asked) {
		c->compare_asked = false;
		app_message(c->app, false, _("Compared: what is shown is what the server has."));
	}
	poke_status_clear(&c->sync);
	c->sync = *s;
	c->sync.text = g_strdup(s->text);
	c->app->world.sync = &c->sync;
	c->app->world.sync_connected = true;
	if (c->notify)
		notify_status(c->notify, &c->app->world);
	app_redraw(c->app);
}

static void on_poke_gone(void *ctx)
{
	struct console *c = ctx;

	c->app->world.sync_connected = false;
	app_redraw(c->app);
	if (!c->retry)
		c->retry = g_timeout_add((unsigned)c->retry_ms, on_retry, c);
}

const struct poke_callbacks console_poke_callbacks = { on_poke_changed, on_poke_status, on_poke_gone };

void console_tell_sync(const char *line, void *ctx)
{
	struct console *c = ctx;

	c->compare_asked = c->compare_asked || strcmp(line, "compare") == 0;
	poke_client_send(c->poke, line);
}
