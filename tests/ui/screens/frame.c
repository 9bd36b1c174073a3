/* frame - prints a frame of the console on Harbour House, for the golden files and for eyes.
 *
 *   frame ROWSxCOLS [ascii] [roles] [outbox] [kiosk] [operators] [KEY ...]
 *   frame --live [desk | line]
 *
 * outbox: with something in every state in it. kiosk: a desk that is not left. operators: there are people
 * who could unlock it. Each KEY is as the help writes it ("Down", "Ctrl-O"); "=text" types text. --live opens the real
 * console on the house, at the house's moment and without a sync. */
#include <glib/gstdio.h>
#include <locale.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/i18n.h"
#include "core/operators.h"
#include "hostile.h"
#include "house.h"
#include "ui/app.h"
#include "ui/app_core.h"

static void press(struct app *app, const struct key *k)
{
	app_key(app, k);
	app_turn_done(app);
}

static void press_named(struct app *app, const char *name)
{
	struct key k;

	if (!key_parse(name, &k))
		g_error("no key is called %s", name);
	press(app, &k);
}

static void type(struct app *app, const char *text)
{
	g_autofree gunichar *u = g_utf8_to_ucs4_fast(text, -1, NULL);

	for (const gunichar *p = u; *p; p++)
		press(app, &(struct key){ .code = KEYCODE_CHAR, .ch = *p });
}

static struct instant house_clock(void)
{
	return HOUSE_NOW;
}

static int live(struct profile *p, const char *how)
{
	struct app_options opt = { .clock = house_clock, .kiosk = g_strcmp0(how, "desk") == 0,
				   .line = g_strcmp0(how, "line") == 0 };
	g_autoptr(GError) err = NULL;
	int code = app_run(p, &opt, &err);

	if (err)
		fprintf(stderr, "%s\n", err->message);
	return code;
}

/* ---- in a language that is longer, wider or written from the right ---- */

/* A cell of a wide glyph has its other half, and none stands alone. */
static bool halves_are_whole(const struct grid *g, int row)
{
	for (int col = 0; col < g->cols; col++) {
		const struct cell *c = &g->cell[row * g->cols + col];
		bool pair = col + 1 < g->cols && c[1].glyph.width == 0;

		if (c->glyph.width == 2 ? !pair : c->glyph.width == 1 && pair)
			return false;
		col += c->glyph.width == 2;
	}
	return true;
}

/* What is open after the row when 'open' were before: an ellipsis, or the share of a page in the
 * corner ("75%"), says that something is missing. */
static int open_after(const struct grid *g, int row, int open, bool *blank)
{
	*blank = true;
	for (int col = 0; col < g->cols; col++) {
		uint32_t ch = g->cell[row * g->cols + col].glyph.ch[0];

		*blank = *blank && ch == ' ';
		open = MAX(open + (ch == 0x27e6 ? 1 : ch == 0x27e7 ? -1 : 0), 0);
		if (ch == 0x2026 || (ch == '%' && col >= g->cols - 2))
			open = 0;
	}
	return open;
}

/* Words stand between brackets there: what is opened is closed, in its row or, where it is wrapped,
 * before the next blank one. */
static int unsaid_cuts(const struct grid *g)
{
	int open = 0, cuts = 0;

	for (int row = 0; row < g->rows; row++) {
		bool blank;

		open = open_after(g, row, open, &blank);
		if (blank || row == g->rows - 1) {
			cuts += open;
			open = 0;
		}
	}
	return cuts;
}

static bool in_pseudo(void)
{
	return g_getenv("KEYRACK_PSEUDO") && *g_getenv("KEYRACK_PSEUDO");
}

static int complaints(const struct grid *g, bool whole)
{
	int n = 0;

	for (int row = 0; row < g->rows; row++)
		if (!halves_are_whole(g, row)) {
			fprintf(stderr, "row %d has half a glyph\n", row);
			n++;
		}
	if (whole && !g->ascii && unsaid_cuts(g) > 0) {
		fprintf(stderr, "words were cut and nothing says so\n");
		n++;
	}
	return n;
}

enum { FLAG_ASCII, FLAG_ROLES, FLAG_OUTBOX, FLAG_KIOSK, FLAG_OPERATORS, FLAG_COUNT };
static const char *const flag_words[FLAG_COUNT] = { "ascii", "roles", "outbox", "kiosk", "operators" };

/* Those that stand after the size; *argv goes on to the first that is none. */
static unsigned take_flags(char ***argv)
{
	unsigned flags = 0;

	for (;; (*argv)++) {
		int i = 0;

		while (i < FLAG_COUNT && g_strcmp0(**argv, flag_words[i]) != 0)
			i++;
		if (i == FLAG_COUNT)
			return flags;
		flags |= 1u << i;
	}
}

/* The people who could unlock it lie in a configuration of the house's own. */
static void make_operators(const char *folder)
{
	static const struct operators_cost cheap = { crypto_pwhash_OPSLIMIT_MIN, crypto_pwhash_MEMLIMIT_MIN };
	g_autofree char *path = NULL;

	g_setenv("XDG_CONFIG_HOME", folder, TRUE);
	path = operators_path();
	OWN(operators) struct operators *o = operators_load(path, NULL);
	if (!o || !operators_add(o, "Anna", "4802", &cheap, NULL) || !operators_add(o, "Bo", "7777", &cheap, NULL))
		g_error("nobody could be made known");
}

static void forget_operators(void)
{
	g_autofree char *path = operators_path(), *folder = g_path_get_dirname(path);

	g_unlink(path);
	g_rmdir(folder);
}

static int print(const char *folder, const struct profile *p, char **argv)
{
	struct poke_status st = {
		.phase = SYNC_FOLLOWING,
		.interval_ms = 2000,
		.ok_at = HOUSE_NOW,
		.next_at = INSTANT_NONE,
	};
	g_autofree char *path = g_build_filename(folder, "cache.db", NULL);
	struct grid g;
	int rows = 24, cols = 80, faults;
	unsigned flags;

	sscanf(*argv++, "%dx%d", &rows, &cols);
	flags = take_flags(&argv);
	if (flags & 1u << FLAG_OUTBOX)
		house_make_outbox(path);
	if (flags & 1u << FLAG_OPERATORS)
		make_operators(folder);
	if (g_getenv("KEYRACK_HOSTILE"))
		hostile_make(path, (unsigned)atoi(g_getenv("KEYRACK_HOSTILE")));
	OWN(cache) struct cache *cache = cache_open(path, CACHE_DESK, false, NULL);
	cache_clock(cache, house_clock);
	OWN(app) struct app *app = app_new(cache, p, HOUSE_NOW, NULL);
	g_free(app->world.operator_name); /* the same on every computer */
	app->world.operator_name = g_strdup("anna");
	grid_init(&g);
	grid_resize(&g, rows, cols);
	app->world.sync = &st;
	app->world.demo = true;
	app->world.sync_connected = true;
	app->world.kiosk = flags & 1u << FLAG_KIOSK;
	app_push(app, rack_new(app, &app->world));
	g.ascii = flags & 1u << FLAG_ASCII;
	app_draw(app, &g);
	for (; *argv; argv++) {
		if ((*argv)[0] == '=' && (*argv)[1])
			type(app, *argv + 1);
		else
			press_named(app, *argv);
		app_draw(app, &g);
	}
	grid_print(&g, stdout);
	if (flags & 1u << FLAG_ROLES)
		grid_print_roles(&g, stdout);
	/* A popup's edge cuts what lies under it. */
	faults = in_pseudo() ? complaints(&g, !((struct screen *)app->stack->pdata[app->stack->len - 1])->popup) : 0;
	faults += hostile_complaints(&g);
	grid_done(&g);
	if (flags & 1u << FLAG_OPERATORS)
		forget_operators();
	return faults;
}

int main(int argc, char **argv)
{
	setlocale(LC_ALL, "C.UTF-8");
	i18n_init();
	g_autofree char *folder = house_build();
	struct profile *p = house_profile(folder);
	int code = 2;

	if (argc > 1 && strcmp(argv[1], "--live") == 0) {
		setlocale(LC_ALL, "");
		code = live(p, argv[2]);
	} else if (argc > 1) {
		code = print(folder, p, argv + 1) > 0;
	}
	profile_free(p);
	house_pull_down(folder);
	return code;
}
