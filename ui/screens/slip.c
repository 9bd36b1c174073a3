/* slip - see the header. */
#include "ui/screens/slip.h"

#include <string.h>

#include "core/i18n.h"
#include "core/pin.h"
#include "core/text.h"

#define FOLD "- - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - -"

/* What comes from outside must command no printer and begin no line of its own; the window is our own words. */
struct safe {
	char *property, *name, *doors, *window, *pin;
};

static struct safe safe_of(const struct slip *s)
{
	return (struct safe){ text_safe(s->property), text_safe(s->name), text_safe(s->doors), g_strdup(s->window),
			      pin_grouped(s->pin) };
}

static void safe_done(struct safe *s)
{
	g_free(s->property);
	g_free(s->name);
	g_free(s->doors);
	g_free(s->window);
	explicit_bzero(s->pin, strlen(s->pin));
	g_free(s->pin);
}

char *slip_text(const struct slip *slip)
{
	struct safe s = safe_of(slip);
	char *text = g_strdup_printf("%s\n\n%s\n%s\n%s\n\n" FOLD "\n\n%s\n\n    %s\n\n%s\n", s.property, s.name,
				     s.doors, s.window, _("Your code at the keypad:"), s.pin,
				     _("Please do not write the room on this half."));

	safe_done(&s);
	return text;
}

char *slip_message(const struct slip *slip)
{
	struct safe s = safe_of(slip);
	char *text = g_strdup_printf("%s\n%s\n%s %s\n%s\n", s.property, s.name, _("Your code at the keypad:"), s.pin, s.window);

	safe_done(&s);
	return text;
}
