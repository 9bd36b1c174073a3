/* server_words - see the header. tests/ui/screens/test-why holds the table against the planner's own. */
#include "ui/screens/server_words.h"

#include <string.h>

#include <glib.h>

#include "core/i18n.h"

static const char *const reasons[] = {
	N_("its time to be loaded has not come"),
	N_("72 hours before its start: loaded with its schedule"),
	N_("60 minutes before its start: the lock has no schedule"),
	N_("an ongoing code is written at once"),
	N_("its start has passed and it is not on the lock"),
	N_("the declared code differs from what is on the lock"),
	N_("its start has come: the code held disabled is enabled"),
	N_("proven before its start: the lock has switched it on itself"),
	N_("written: now read back"),
	N_("read back and equal"),
	N_("the lock took it; it cannot be read back"),
	N_("the answer was lost: read before anything else"),
	N_("changed from outside: put back"),
	N_("changed from outside, which is allowed"),
	N_("changed from outside again and again: stopped, a person must look"),
	N_("the lock cannot be reached"),
	N_("failed before: waiting before the next try"),
	N_("the lock's memory is full"),
	N_("another code on the lock has this PIN"),
	N_("the lock refuses this code"),
	N_("the provider has not assigned the PIN yet"),
	N_("an offline code is computed, not written"),
	N_("its end has come: removed"),
	N_("its window passed before it could be written: never written"),
	N_("deleted: removed from the lock"),
	N_("it is no longer on the lock"),
	N_("the account is disconnected: nothing can be known"),
};

const char *server_words(const char *words)
{
	for (size_t i = 0; words && i < G_N_ELEMENTS(reasons); i++)
		if (strcmp(reasons[i], words) == 0)
			return _(reasons[i]);
	return words;
}
