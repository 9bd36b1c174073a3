/* escape - the sequences that curses does not know, and which terminals understand them. */
#ifndef KEYRACK_UI_ESCAPE_H
#define KEYRACK_UI_ESCAPE_H

#include <stdbool.h>

#define PASTE_ON   "\033[?2004h"
#define PASTE_OFF  "\033[?2004l"
#define FOCUS_ON   "\033[?1004h"
#define FOCUS_OFF  "\033[?1004l"
#define MOUSE_ON   "\033[?1000h\033[?1006h" /* clicks and the wheel, never dragging */
#define MOUSE_OFF  "\033[?1006l\033[?1000l"
#define SYNC_BEGIN "\033[?2026h"
#define SYNC_END   "\033[?2026l"
#define TITLE_PUSH "\033[22;0t"
#define TITLE_POP  "\033[23;0t"
/* The background, who it is, three modes; last what every terminal answers, so that its answer says
 * that no other comes any more. */
#define ASK_ALL    "\033]11;?\033\\\033[>0q\033[?2026$p\033[?2004$p\033[?1004$p\033[c"

/* Whether a terminal of that name takes xterm's private modes and titles. */
bool escape_is_modern(const char *name);

/* Newly allocated; the text is made safe and short. version: what it calls itself, or NULL. NULL: this
 * terminal is not known to show notifications. */
char *escape_notice(const char *terminal, const char *version, const char *title, const char *text);
char *escape_title(const char *text);
/* OSC 52. NULL: longer than terminals take. */
char *escape_copy(const char *text);

#endif
