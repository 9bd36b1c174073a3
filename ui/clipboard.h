/* clipboard - text to where the operator pastes from: a program of this desk, tmux, or the terminal
 * itself, whichever reaches the person.
 *
 * Nothing waits: programs run beside the console and get the text through a pipe, never as an
 * argument. What became of it is told. A secret is taken back after half a minute. */
#ifndef KEYRACK_UI_CLIPBOARD_H
#define KEYRACK_UI_CLIPBOARD_H

#include <glib.h>
#include <stdbool.h>

#define CLIPBOARD_SECRET_MS 30000

struct clipboard_way {
	const char *name;           /* for the message */
	const char *variable;       /* of the environment that must be set; NULL: none */
	const char *copy[6];        /* NULL first: the terminal's own sequence */
	const char *paste[6];       /* prints what lies there; NULL first: nobody can say */
};
/* The ways that fit here, best first; get and has look at the environment and PATH. Returns how many,
 * at most max. Pure. */
size_t clipboard_ways(const char *(*get)(const char *name), bool (*has)(const char *program),
		      const struct clipboard_way **out, size_t max);

struct clipboard_host {
	bool (*terminal)(const char *text, void *ctx); /* by the terminal's own sequence; false: it has none */
	void (*tell)(bool bad, const char *message, void *ctx);
	void *ctx;
	int secret_ms; /* 0: CLIPBOARD_SECRET_MS */
};
struct clipboard;
struct clipboard *clipboard_new(const struct clipboard_host *host);
/* A secret that still lies there is taken back first. */
void clipboard_free(struct clipboard *c);
void clipboard_copy(struct clipboard *c, const char *text, bool secret);

#endif
