/* theme - what a role looks like.
 *
 * Code names roles; files in themes/ give them colours: [theme] name, inherits, background;
 * [roles] role = FG on BG ATTR..., where a colour is 'default', one of the sixteen names, a
 * number 0-255, or #rrggbb, with a fallback for poorer terminals after a slash:
 *
 *   alarm = #ff6b6b/red on default bold
 *
 * An unknown role or word is a warning with its line; the role keeps its inherited look. */
#ifndef KEYRACK_UI_THEME_H
#define KEYRACK_UI_THEME_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* One row a role: identifier, name in theme files, what it is for. */
#define ROLES(X)                                                                                   \
	X(TEXT, "text", "ordinary words")                                                          \
	X(DIM, "dim", "less important words")                                                      \
	X(TITLE, "title", "the top line")                                                          \
	X(HEADER, "header", "column heads and the time axis")                                      \
	X(HINT, "hint", "the bottom line's words")                                                 \
	X(HINT_KEY, "hint-key", "the bottom line's keys")                                          \
	X(CURSOR, "cursor", "the row that the cursor is on")                                       \
	X(RULE, "rule", "lines between panes, frames")                                             \
	X(GOOD, "good", "set, online, ready")                                                      \
	X(PENDING, "pending", "being set, queued, not proven")                                     \
	X(STORED, "stored", "in the lock's memory, to come")                                       \
	X(FUTURE, "future", "to come, nothing written yet")                                        \
	X(ENDED, "ended", "over")                                                                  \
	X(WARN, "warn", "warnings, low battery, unlocked")                                         \
	X(ALARM, "alarm", "errors, offline, at risk")                                              \
	X(NOW, "now", "the now line")                                                              \
	X(LEAD, "lead", "preload and just-in-time lead time")                                      \
	X(NAME, "name", "names of people in the feed")                                             \
	X(INFERRED, "inferred", "a name that is a conclusion, not a report")                       \
	X(MATCH, "match", "what was searched for")                                                 \
	X(FIELD, "field", "a form's field")                                                        \
	X(FIELD_FOCUS, "field-focus", "the field being typed into")                                \
	X(MESSAGE, "message", "short messages")                                                    \
	X(MESSAGE_BAD, "message-bad", "messages that must be seen")

enum role {
#define AS_ENUM(id, name, what) ROLE_##id,
	ROLES(AS_ENUM)
#undef AS_ENUM
	ROLE_COUNT
};
const char *role_name(enum role r);
const char *role_purpose(enum role r);

enum { ATTR_BOLD = 1, ATTR_DIM = 2, ATTR_UNDERLINE = 4, ATTR_REVERSE = 8, ATTR_ITALIC = 16 };

struct colour {
	int32_t rgb;     /* 0xrrggbb; -1: none given */
	int16_t index;   /* 0..255; -1: the terminal's default */
	int16_t basic;   /* 0..15 for poor terminals; -1: default */
};
struct style {
	struct colour fg, bg;
	uint8_t attr;      /* with colour */
	uint8_t mono_attr; /* without: from [mono] in the file, or derived so that states differ */
};
struct theme {
	char *name;
	struct style style[ROLE_COUNT];
	int32_t background;  /* what 'default' is thought to be, for the contrast test; -1: not said */
	GPtrArray *warnings; /* of char * */
};

/* A name (looked for in $XDG_CONFIG_HOME/keyrack/themes, then the installed themes, then the
 * built-in copy) or a path. NULL: "dark". Falls back to the built-in dark theme with a warning;
 * never fails. */
struct theme *theme_load(const char *name);
void theme_free(struct theme *t);
/* "light" or "dark", for a terminal with this background (0xrrggbb, -1: it did not say), else for what
 * COLORFGBG says ("15;0", NULL: nothing), else dark. */
const char *theme_for(int32_t background, const char *colorfgbg);
/* From now on only installed and built-in themes have names; a path is taken all the same. */
void theme_without_users_own(void);
char **theme_names(void); /* all that can be chosen; NULL-terminated */

/* The nearest of the 256 and 16 colours to an rgb value. */
int colour_to_256(int32_t rgb);
int colour_to_16(int32_t rgb);
/* What a colour of the 256 looks like in xterm; -1 outside. */
int32_t colour_rgb_of(int index);
/* How well one can be read on the other: 1 (not at all) to 21, as WCAG 2 defines it. */
double colour_contrast(int32_t a, int32_t b);

#endif
