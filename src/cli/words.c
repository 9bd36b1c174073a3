/* words - see the header. */
#include "cli/words.h"

#include "core/jsonin.h"
#include "core/vocab.h"

const char *words_of_issue(const struct issue_row *issue)
{
	const struct problem_info *info = issue->code ? problem_lookup(issue->code) : NULL;

	if (info)
		return info->words;
	if (issue->message && *issue->message)
		return issue->message;
	return issue->code ? issue->code : "a problem without a name";
}

/* The first error of the code's own; the lock's and the account's are told with the lock. */
static char *first_trouble(struct cli *cli, int64_t code_no)
{
	OWN(cache_list) struct cache_list *list = cache_issues_of_code(cli->cache, code_no, NULL);

	for (guint i = 0; list && i < list->rows->len; i++) {
		const struct issue_row *issue = cache_list_at(list, struct issue_row, i);
		if (issue->kind == 'e' && !issue->of_device && !issue->of_account)
			return g_strdup(words_of_issue(issue));
	}
	return NULL;
}

char *words_of_code(struct cli *cli, const struct code_row *row)
{
	const char *state = code_state_word(row->state);
	g_autofree char *trouble =
		row->errors_own && row->code_no ? first_trouble(cli, row->code_no) : NULL;

	if (instant_known(row->deleted_at))
		return g_strdup("deleted");
	if (trouble)
		return g_strdup_printf("! %s", trouble);
	if (row->intent_no && row->code_no && row->intent_kind)
		return g_strdup_printf("%s, %s %s", state, row->intent_kind,
				       intent_state_word((enum intent_state)row->intent_state));
	if (!row->code.managed && row->code_no)
		return g_strdup_printf("%s, unmanaged", state);
	return g_strdup(state);
}

const char *words_of_event(const struct event_row *row)
{
	const struct event_info *info = event_lookup(row->event.event_type);

	if (info->words)
		return info->words;
	return row->event.event_type ? row->event.event_type : "";
}

char *words_of_who(const struct event_row *row)
{
	switch (row->how) {
	case WHO_INFERRED:
		return g_strdup_printf("~%s", row->who ? row->who : "?");
	case WHO_UNKNOWN:
		return g_strdup("unknown");
	case WHO_NOT_ASKED:
	case WHO_REPORTED:
	case WHO_BY_PIN:
	case WHO_BY_METHOD:
		break;
	}
	return g_strdup(row->who ? row->who : "");
}

char *words_of_how(const struct event_row *row)
{
	const char *method = method_words(row->event.method);

	if (row->how == WHO_UNKNOWN)
		return g_strdup(row->why ? row->why : "the event names nobody");
	if (row->how == WHO_INFERRED && event_lookup(row->event.event_type)->kind == EVENT_DENIED)
		return g_strdup(row->why ? row->why : "inferred");
	if (row->how == WHO_INFERRED)
		return g_strdup_printf("%s%sinferred", method, *method ? ", " : "");
	return g_strdup(method);
}

char *words_of_intent(const struct intent *in)
{
	const struct intent_kind_info *info = intent_kind_info(in->kind);
	const char *lock = in->lock_name ? in->lock_name : in->device_id;

	/* Of a door the name is the lock's own. */
	if (!in->name || in->kind == INTENT_LOCK || in->kind == INTENT_UNLOCK)
		return g_strdup_printf("%s %s", info->words, lock ? lock : "");
	return g_strdup_printf("%s “%s” on %s", info->words, in->name, lock);
}

char *words_of_answer(const struct intent *in)
{
	g_autofree char *lines = jsonin_validation_lines(in->validation_errors);

	if (!in->message && !lines)
		return g_strdup("");
	return g_strconcat(in->message ? in->message : "", in->message && lines ? "\n" : "",
			   lines ? lines : "", NULL);
}
