/* slip - see the header. */
#include "ui/screens/slip.h"

#include "core/i18n.h"
#include "core/pin.h"

#define FOLD "- - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - -"

char *slip_text(const struct slip *s)
{
	g_autofree char *pin = pin_grouped(s->pin);

	return g_strdup_printf("%s\n\n%s\n%s\n%s\n\n" FOLD "\n\n%s\n\n    %s\n\n%s\n", s->property, s->name,
			       s->doors, s->window, _("Your code at the keypad:"), pin,
			       _("Please do not write the room on this half."));
}

char *slip_message(const struct slip *s)
{
	g_autofree char *pin = pin_grouped(s->pin);

	return g_strdup_printf("%s\n%s\n%s %s\n%s\n", s->property, s->name, _("Your code at the keypad:"), pin,
			       s->window);
}
