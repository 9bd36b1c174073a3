/* retry - when a read is tried again. Twice at most, as the API's own clients do. */
#include <curl/curl.h>
#include <string.h>

#include "wire/answer.h"

#define RETRIES_MAX 2
#define RETRY_FIRST_MS INT64_C(200)
#define RETRY_JITTER 0.2 /* of the delay, added, so that clients do not march in step */
#define RETRY_WAIT_MAX_MS (10 * SECOND_MS) /* a longer rest is for the caller to keep, and to tell of */
#define RETRY_AFTER_MAX_MS DAY_MS

int64_t retry_after_parse(const char *text, struct instant now)
{
	if (!text)
		return 0;
	text += strspn(text, " \t");
	if (g_ascii_isdigit(*text)) {
		char *end;
		guint64 seconds = g_ascii_strtoull(text, &end, 10);

		/* "1.5" is not HTTP, but its meaning is plain enough: at least a second. */
		if (*end == '\0' || *end == '.' || g_ascii_isspace(*end))
			return (int64_t)MIN(seconds, RETRY_AFTER_MAX_MS / SECOND_MS) * SECOND_MS;
	}

	time_t date = curl_getdate(text, NULL);

	if (date == (time_t)-1 || !instant_known(now))
		return 0;
	/* A date already past means: now. It still was said, hence not 0. */
	return CLAMP((int64_t)date * SECOND_MS - now.ms, 1, RETRY_AFTER_MAX_MS);
}

int64_t retry_delay_ms(int tries, const struct wire_answer *answer, bool too_large, double jitter)
{
	bool again = answer->outcome == WIRE_LOST || answer->outcome == WIRE_LIMITED ||
		     answer->outcome == WIRE_UNSENT;

	if (!again || tries > RETRIES_MAX || answer->tls || too_large || answer->retry_after_ms > RETRY_WAIT_MAX_MS)
		return -1;

	int64_t delay = RETRY_FIRST_MS << (tries - 1);

	delay += (int64_t)((double)delay * RETRY_JITTER * jitter);
	return MAX(delay, answer->retry_after_ms);
}
