/* theme-builtin - the files of themes/ as they were when keyrack was built. */
#ifndef KEYRACK_UI_THEME_BUILTIN_H
#define KEYRACK_UI_THEME_BUILTIN_H

struct builtin_theme {
	const char *name, *text;
};
extern const struct builtin_theme builtin_themes[]; /* a row without a name ends it */

#endif
