/* term-rig - the demo of the terminal's side (term-demo) in an emulator, for its tests. */
#ifndef KEYRACK_TESTS_UI_TERM_RIG_H
#define KEYRACK_TESTS_UI_TERM_RIG_H

#include "tests/ui/vt.h"

enum { SOON_MS = 5000 };

/* In the build folder, where tests run. */
#define TERM_DEMO "tests/ui/term-demo"

/* What a test that sets an environment of its own begins with. */
#define UTF8 "LC_ALL=C.UTF-8", "TERM=xterm-256color", "NO_COLOR", "TMUX", "TERM_PROGRAM", "COLORFGBG"

/* What opt leaves out is the demo, UTF8, and 24 rows of 80 columns. End with vt_free. */
struct vt *begin_with(const struct vt_options *opt);
/* All left out, and its first frame is there. */
struct vt *begin(void);
/* The bytes that it took from those keys until the words are there. */
size_t cost_of(struct vt *vt, const char *keys, const char *until);
/* Every mode is off, the cursor is shown, lines are edited again. */
void assert_shell_has_its_terminal(struct vt *vt);
void assert_screen_is_ours(struct vt *vt);

#endif
