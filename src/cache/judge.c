/* judge - how bad the problems of a lock or a code are, worked out once, when they are stored. */
#include "cache/db.h"
#include "core/vocab.h"

/* What an unknown word weighs: it may be new and grave. */
enum { UNKNOWN_ERROR = 2, UNKNOWN_WARNING = 1 };

static bool weigh(struct cache *c, const char *json, bool is_error, bool of_lock,
		  struct judgement *out, GError **err)
{
	QUERY q = NULL;
	int more;

	if (!json)
		return true;
	q = db_query(c, STATEMENT_JUDGE, err);
	if (!q)
		return false;
	bind_text(q, 1, json);
	while ((more = db_next(c, q, err)) > 0) {
		const char *code = (const char *)sqlite3_column_text(q, 0);
		bool own = of_lock || !is_error || sqlite3_column_int(q, 1);
		const struct problem_info *info = code ? problem_lookup(code) : NULL;
		int severity = info ? info->severity : is_error ? UNKNOWN_ERROR : UNKNOWN_WARNING;

		/* A device's trouble is repeated on each of its codes; it is counted once. */
		if (!own)
			continue;
		if (is_error) {
			out->errors_own++;
			severity = MAX(severity, 1);
		}
		if (severity > out->severity) {
			out->severity = severity;
			/* A server's word, of which there may be a new one each time: kept no longer than this. */
			if (!code || g_strlcpy(out->worst, code, sizeof out->worst) >= sizeof out->worst)
				*out->worst = '\0';
		}
	}
	return more == 0;
}

bool judge(struct cache *c, const char *errors, const char *warnings, bool of_lock,
	   struct judgement *out, GError **err)
{
	*out = (struct judgement){ 0 };
	return weigh(c, errors, true, of_lock, out, err) &&
	       weigh(c, warnings, false, of_lock, out, err);
}
