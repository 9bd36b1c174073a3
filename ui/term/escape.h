/* escape - the sequences that curses does not know, and which terminals understand them. */
#ifndef KEYRACK_UI_ESCAPE_H
#define KEYRACK_UI_ESCAPE_H

#include <stdbool.h>

#define PASTE_ON   "\033[?2004h"
#define PASTE_OFF  "\033[?2004l"
#define MOUSE_ON   "\033[?1000h\033[?1006h" /* clicks and the wheel, never dragging */
#define MOUSE_OFF  "\033[?1006l\033[?1000l"
#define SYNC_BEGIN "\033[?2026h"
#define SYNC_END   "\033[?2026l"
#define SYNC_ASK   "\033[?2026$p"
#define TITLE_PUSH "\033[22;2t"
#define TITLE_POP  "\033[23;2t"

/* Whether a terminal of that name takes xterm's private modes and titles. */
bool escape_is_modern(const char *name);

/* Newly allocated; the text is made safe and short. NULL: this terminal shows no notifications. */
char *escape_notice(const char *terminal, const char *title, const char *text);
char *escape_title(const char *text);

#endif
