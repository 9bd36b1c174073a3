/* slip - see the header. */
#include "ui/screens/slip.h"

#include <string.h>

#include "core/i18n.h"

#define FOLD "- - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - -"

/* Pairs, and threes where the digits are six or odd in number: no group of one, none of four. */
char *slip_pin(const char *pin)
{
	size_t n = strlen(pin), group = n == 6 || n == 9 ? 3 : 2;
	GString *s = g_string_new(NULL);

	for (size_t i = 0; i < n;) {
		size_t left = n - i, take = left == 3 ? 3 : MIN(group, left);

		if (s->len)
			g_string_append_c(s, ' ');
		g_string_append_len(s, pin + i, (gssize)take);
		i += take;
	}
	return g_string_free(s, FALSE);
}

char *slip_text(const struct slip *s)
{
	g_autofree char *pin = slip_pin(s->pin);

	return g_strdup_printf("%s\n\n%s\n%s\n%s\n\n" FOLD "\n\n%s\n\n    %s\n\n%s\n", s->property, s->name,
			       s->doors, s->window, _("Your code at the keypad:"), pin,
			       _("Please do not write the room on this half."));
}

char *slip_message(const struct slip *s)
{
	g_autofree char *pin = slip_pin(s->pin);

	return g_strdup_printf("%s\n%s\n%s %s\n%s\n", s->property, s->name, _("Your code at the keypad:"), pin, s->window);
}
