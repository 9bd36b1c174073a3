/* messages - what was said on the bottom line in this session, the newest first, whole. */
#include "core/i18n.h"
#include "ui/app_core.h"
#include "ui/screens/page.h"

struct messages {
	struct screen base;
	struct page page;
	unsigned shown; /* how many had been said when it was filled */
};

static void fill(struct messages *m)
{
	const GArray *said = m->base.app->said;
	const struct world *w = m->base.world;

	page_clear(&m->page);
	for (guint i = said->len; i-- > 0;) {
		const struct said *s = &g_array_index(said, struct said, i);
		char at[CIVIL_TEXT_MAX];
		g_autofree char *label =
			g_strdup_printf("%s %s", s->bad ? "!" : " ", civil_seconds(w->zone, s->at, at));

		page_add(&m->page, label, g_strdup(s->text), s->bad ? ROLE_ALARM : ROLE_TEXT, 0);
	}
	if (!said->len)
		page_add(&m->page, NULL, g_strdup(_("Nothing has been said yet.")), ROLE_DIM, 0);
}

static void messages_draw(struct screen *s, struct grid *g, struct rect r)
{
	struct messages *m = (struct messages *)s;

	if (m->shown != s->app->said_count)
		fill(m);
	m->shown = s->app->said_count;
	page_draw(&m->page, g, r);
}

static bool messages_command(struct screen *s, enum command c, int count)
{
	return page_command(&((struct messages *)s)->page, c, count);
}

static void messages_free(struct screen *s)
{
	struct messages *m = (struct messages *)s;

	page_done(&m->page);
	g_free(m);
}

static const struct screen_ops messages_ops = {
	.name = N_("Messages"),
	.view = VIEW_MESSAGES,
	.draw = messages_draw,
	.command = messages_command,
	.free = messages_free,
};

struct screen *messages_new(struct app *app, struct world *w)
{
	struct messages *m = g_new0(struct messages, 1);

	m->base = (struct screen){ .ops = &messages_ops, .app = app, .world = w };
	page_init(&m->page, 13);
	fill(m);
	m->shown = app->said_count;
	return &m->base;
}
