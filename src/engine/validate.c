/* validate - what is refused before anything is stored, and the words for it. */
#include "config.h"

#include "engine/inside.h"

#include <string.h>

bool refuse(struct refusal *no, int status, const char *type, const char *param, const char *format,
	    ...)
{
	va_list args;

	g_free(no->message);
	no->status = status;
	no->type = type;
	no->param = param;
	va_start(args, format);
	no->message = g_strdup_vprintf(format, args);
	va_end(args);
	return false;
}

bool refuse_store(struct refusal *no)
{
	no->retry_after_s = STORE_RETRY_AFTER_S;
	return refuse(no, 503, "store_failed", NULL, "The store could not be written to");
}

void refusal_clear(struct refusal *r)
{
	g_free(r->message);
	*r = (struct refusal){ 0 };
}

struct store_list *find_device(struct engine *e, const char *device_id, struct refusal *no)
{
	struct store_list *l = device_id ? store_device(e->store, device_id, NULL) : NULL;

	if (rows_in(l))
		return l;
	if (l)
		store_list_free(l);
	refuse(no, 404, "device_not_found", "device_id", "There is no device with this id");
	return NULL;
}

static struct store_list *find_code(struct engine *e, const char *id, bool managed,
				    struct refusal *no)
{
	struct store_list *l = id ? store_code(e->store, id, NULL) : NULL;
	bool there = rows_in(l), right = there && first_code(l)->managed == managed;

	if (right)
		return l;
	if (l)
		store_list_free(l);
	refuse(no, 404, "access_code_not_found", "access_code_id",
	       !there	 ? "There is no access code with this id"
	       : managed ? "This access code is unmanaged: use /access_codes/unmanaged"
			 : "This access code is managed: use /access_codes");
	return NULL;
}

struct store_list *find_managed(struct engine *e, const char *id, struct refusal *no)
{
	return find_code(e, id, true, no);
}

struct store_list *find_unmanaged(struct engine *e, const char *id, struct refusal *no)
{
	return find_code(e, id, false, no);
}

/* start_moved: the caller gave it; a start that has passed meanwhile is no fault of an edit of
 * something else. */
bool check_window(struct engine *e, const struct lock_system *ls, struct instant from,
		  struct instant until, bool start_moved, struct refusal *no)
{
	struct instant now = engine_now(e);
	bool future = ls->pins.rules & PIN_START_IN_FUTURE;

	if (instant_known(from) != instant_known(until))
		return refuse(no, 400, "invalid_input",
			      instant_known(from) ? "ends_at" : "starts_at",
			      "starts_at and ends_at must be given together");
	if (!instant_known(from))
		return true;
	if (!instant_before(from, until))
		return refuse(no, 400, "invalid_input", "ends_at",
			      "ends_at must be after starts_at");
	if (!instant_before(now, until))
		return refuse(no, 400, "invalid_input", "ends_at", "ends_at must be in the future");
	if (future && start_moved && instant_before(from, now))
		return refuse(no, 400, "invalid_input", "starts_at",
			      "starts_at must be in the future on this device");
	return true;
}

bool check_pin(const struct lock_system *ls, const char *pin, struct refusal *no)
{
	size_t length = strlen(pin);
	const char *wrong;

	if (strspn(pin, "0123456789") != length)
		return refuse(no, 400, "invalid_input", "code", "code must be digits only");
	if (length < PIN_MIN || length > PIN_MAX)
		return refuse(no, 400, "invalid_input", "code", "code must have %d to %d digits",
			      PIN_MIN, PIN_MAX);
	if (ls->provider_chooses_pin)
		return refuse(no, 400, "invalid_input", "code",
			      "The lock's maker chooses the code: code must be left out");
	wrong = pin_check(pin, &ls->pins);
	if (!wrong)
		return true;
	if (strcmp(wrong, PIN_INCOMPLETE) == 0) {
		g_autofree char *words = pin_rules_words(&ls->pins);

		return refuse(no, 400, "invalid_input", "code", "The device takes %s", words);
	}
	return refuse(no, 400, "invalid_input", "code", "The device refuses this code: %s", wrong);
}
