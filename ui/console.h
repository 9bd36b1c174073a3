/* console - the running console, as app.c, console_signals.c and console_sync.c share it. */
#ifndef KEYRACK_UI_CONSOLE_H
#define KEYRACK_UI_CONSOLE_H

#include "ui/app.h"
#include "ui/app_core.h"
#include "ui/clipboard.h"
#include "ui/notify.h"
#include "ui/term/term.h"

#define RETRY_FIRST_MS 100
#define RETRY_LAST_MS 30000

struct console {
	struct app *app;
	struct term *term;
	struct grid grid;
	struct theme *theme;
	bool theme_fits;         /* to the terminal's background, as soon as that is known; false: it was chosen */
	GMainLoop *loop;
	struct profile *profile;
	const struct app_options *opt;
	struct poke_client *poke;
	struct poke_status sync;
	bool compare_asked; /* somebody waits to hear that it is done */
	struct notify *notify;
	struct clipboard *clipboard;
	char *title;             /* the window's, as told last */
	unsigned more;           /* source of the keys that one turn has left */
	unsigned frame;          /* source of the next frame; 0: none wanted */
	unsigned look;           /* source of the look ahead; 0: none wanted */
	struct night_look *looking; /* the one under way; NULL */
	unsigned look_mask;      /* at what changed */
	bool look_anyway;        /* at the clock */
	unsigned minute, retry;
	unsigned idle;           /* source of the look at whether the desk was left alone; 0: it never locks */
	int64_t key_us;          /* when a key came last, by the monotonic clock */
	int retry_ms;
	bool start_tried;        /* sync was started since it was last seen */
	bool whole, mouse;
};

struct instant console_clock(const struct console *c);
void console_turn_begin(struct console *c);
void console_turn_end(struct console *c);
void console_want_frame(void *console);
/* The look ahead (app_core.h), a slice at a time, after the keys and frames that are due. */
void console_want_look(struct console *c, unsigned mask);

/* Back to the shell until SIGCONT; not on a kiosk. */
void console_suspend(struct console *c);
/* The configuration once more. */
void console_reload(struct console *c);

/* console_signals.c: sources gets what forget takes away again (GArray of unsigned). */
void console_watch_signals(struct console *c, GArray *sources);
void console_forget_signals(GArray *sources);

/* console_sync.c */
extern const struct poke_callbacks console_poke_callbacks;
void console_connect_sync(struct console *c);
void console_tell_sync(const char *line, void *console);

#endif
