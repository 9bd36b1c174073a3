/* desk - the console on Harbour House (house.c) at a fixed moment, with keys pressed and the grid
 * and the outbox looked at; no terminal. */
#ifndef KEYRACK_TESTS_SCREENS_DESK_H
#define KEYRACK_TESTS_SCREENS_DESK_H

#include "house.h"
#include "ui/app_core.h"

struct desk {
	char *folder;
	struct profile *profile;
	struct cache *cache;
	struct app *app;
	struct grid grid;
	struct poke_status sync;
};

/* For cmocka. */
int desk_up(void **state);
int desk_down(void **state);
#define on_a_desk(test) cmocka_unit_test_setup_teardown(test, desk_up, desk_down)

/* "Down Tab =text Enter": keys by name, text after '='. '_' in text is a blank. */
void press(struct desk *d, const char *keys);
char *screen_text(struct desk *d); /* free() */
/* Each prints the frame when it is not so. */
bool shows(struct desk *d, const char *words);
bool hides(struct desk *d, const char *words);
/* All of it; fails when there are not as many. */
struct cache_list *outbox(struct desk *d, guint expected);
/* A parameter of the intent, as text; NULL: absent. */
void assert_param(const struct intent *in, const char *path, const char *expected);

#endif
