/* profile_value - what each kind of value in the configuration may be, for core's own use.
 *
 * A function takes the text (without blanks around it) and fills *field; base is the folder that
 * a relative path counts from. It returns false with *why, which goes on after the key's name:
 * "must be yes or no". Texts in *field are freed and made anew. */
#ifndef KEYRACK_CORE_PROFILE_VALUE_H
#define KEYRACK_CORE_PROFILE_VALUE_H

#include <stdbool.h>

bool value_text(void *field, const char *value, const char *base, const char **why);
bool value_path(void *field, const char *value, const char *base, const char **why);
bool value_endpoint(void *field, const char *value, const char *base, const char **why);
bool value_zone(void *field, const char *value, const char *base, const char **why);
bool value_bool(void *field, const char *value, const char *base, const char **why);
bool value_seconds(void *field, const char *value, const char *base, const char **why);
bool value_overlap(void *field, const char *value, const char *base, const char **why); /* minutes */
bool value_span(void *field, const char *value, const char *base, const char **why); /* ms */
bool value_minutes(void *field, const char *value, const char *base, const char **why);

/* http:// to anything but this computer. */
bool endpoint_is_in_clear(const char *endpoint);

char *profile_home(void); /* $HOME, newly allocated */

#endif
