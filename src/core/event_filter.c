/* event_filter - see the header. */
#include "core/event_filter.h"

#include <string.h>

#include "core/text.h"
#include "core/when.h"

#define KIND(k) (1u << EVENT_##k)

static const char *const kind_name[EVENT_KIND_COUNT] = {
	[EVENT_OTHER] = "other",
	[EVENT_UNLOCK] = "unlock",
	[EVENT_LOCK] = "lock",
	[EVENT_DENIED] = "denied",
	[EVENT_CODE_GOOD] = "code-good",
	[EVENT_CODE_TROUBLE] = "code-trouble",
	[EVENT_CODE_CHANGE] = "code-change",
	[EVENT_DEVICE_GOOD] = "device-good",
	[EVENT_DEVICE_TROUBLE] = "device-trouble",
	[EVENT_ACCOUNT] = "account",
};
static const struct {
	const char *name;
	unsigned kinds;
} kind_groups[] = {
	{ "doors", KIND(UNLOCK) | KIND(LOCK) | KIND(DENIED) },
	{ "codes", KIND(CODE_GOOD) | KIND(CODE_TROUBLE) | KIND(CODE_CHANGE) },
	{ "trouble", KIND(CODE_TROUBLE) | KIND(DEVICE_TROUBLE) | KIND(DENIED) | KIND(ACCOUNT) },
};

const char *event_kind_name(enum event_kind k)
{
	return (unsigned)k < EVENT_KIND_COUNT ? kind_name[k] : "";
}

static unsigned kinds_of(const char *word)
{
	for (int k = 0; k < EVENT_KIND_COUNT; k++)
		if (g_ascii_strcasecmp(word, kind_name[k]) == 0)
			return 1u << k;
	for (size_t i = 0; i < G_N_ELEMENTS(kind_groups); i++)
		if (g_ascii_strcasecmp(word, kind_groups[i].name) == 0)
			return kind_groups[i].kinds;
	return 0;
}

unsigned event_kinds_named(const char *text, GError **err)
{
	g_auto(GStrv) word = g_strsplit(text, ",", -1);
	unsigned all = 0;

	for (char **w = word; *w; w++) {
		unsigned kinds = kinds_of(g_strstrip(*w));

		if (!kinds) {
			g_autofree char *safe = text_safe(*w);

			g_set_error(err, KEYRACK_ERROR, KEYRACK_ERROR_USAGE,
				    "There is no kind '%s': unlock, lock, denied, code-good, code-trouble, "
				    "code-change, device-good, device-trouble, account, other; doors, codes, "
				    "trouble",
				    safe);
			return 0;
		}
		all |= kinds;
	}
	if (!all)
		g_set_error_literal(err, KEYRACK_ERROR, KEYRACK_ERROR_USAGE,
				    "A kind is missing: denied, unlock, trouble");
	return all;
}

/* ---- times ---- */

static bool read_time(const char *text, const struct zone *zone, struct instant now, bool is_end,
		      struct instant *out, GError **err)
{
	struct when_context ctx = {
		.zone = zone,
		.now = now,
		.base = now,
		.default_minutes = is_end ? 24 * 60 : 0,
	};

	return when_parse(text, &ctx, out, NULL, err);
}

bool when_past(const char *text, const struct zone *zone, struct instant now, bool is_end, struct instant *out,
	       GError **err)
{
	/* The end of today is what 'until today' means, and lies ahead. */
	struct instant latest = is_end ? zone_day_start(zone, now, 1) : now, other;
	g_autofree char *ago = g_strdup_printf("%s ago", text);
	static const int back[] = { 1, 7, 366 };

	if (!read_time(text, zone, now, is_end, out, err))
		return false;
	if (!instant_before(latest, *out))
		return true;
	if (read_time(ago, zone, now, is_end, &other, NULL) && !instant_before(latest, other)) {
		*out = other;
		return true;
	}
	/* The same words, said yesterday, a week or a year ago. An instant stays what it is. */
	for (size_t i = 0; i < G_N_ELEMENTS(back); i++) {
		struct instant then = zone_day_start(zone, now, -back[i]);

		if (read_time(text, zone, then, is_end, &other, NULL) && !instant_before(latest, other)) {
			*out = other;
			return true;
		}
	}
	return true;
}

/* ---- the line ---- */

static const struct {
	const char *name;
	enum filter_field field;
} fields[] = {
	{ "lock", FILTER_LOCK },   { "door", FILTER_LOCK },   { "code", FILTER_CODE },
	{ "who", FILTER_CODE },    { "kind", FILTER_KIND },   { "what", FILTER_WHAT },
	{ "how", FILTER_HOW },     { "since", FILTER_SINCE }, { "from", FILTER_SINCE },
	{ "until", FILTER_UNTIL }, { "to", FILTER_UNTIL },
};
#define FIELD_NAMES "lock, code, kind, what, how, since, until"

/* The next word of the line: quotes hold together what blanks would part. */
static bool next_word(const char *line, size_t *at, size_t *from, GString *word)
{
	bool quoted = false;

	g_string_truncate(word, 0);
	while (g_ascii_isspace(line[*at]))
		(*at)++;
	*from = *at;
	for (; line[*at] && (quoted || !g_ascii_isspace(line[*at])); (*at)++) {
		if (line[*at] == '"')
			quoted = !quoted;
		else
			g_string_append_c(word, line[*at]);
	}
	return *at > *from;
}

/* 'since:yesterday 23:00': an hour goes with the day before it. */
static bool is_hour(const char *word)
{
	size_t digits = strspn(word, "0123456789");

	return digits > 0 && (word[digits] == ':' || g_ascii_strcasecmp(word + digits, "am") == 0 ||
			      g_ascii_strcasecmp(word + digits, "pm") == 0);
}

static void look_at_field(struct filter_term *t, const char *word, const char **value)
{
	const char *colon = strchr(word, ':');
	size_t len = colon ? (size_t)(colon - word) : 0;

	*value = word;
	t->field = FILTER_WORD;
	if (!colon || !len)
		return;
	for (size_t i = 0; i < G_N_ELEMENTS(fields); i++) {
		if (strlen(fields[i].name) != len || g_ascii_strncasecmp(word, fields[i].name, len) != 0)
			continue;
		t->field = fields[i].field;
		*value = colon + 1;
		return;
	}
	g_autofree char *name = g_strndup(word, len), *safe = text_safe(name);

	t->wrong = g_strdup_printf("There is no '%s:' (" FIELD_NAMES ")", safe);
}

static void understand(struct filter_term *t, const char *value, const struct zone *zone, struct instant now)
{
	g_autoptr(GError) err = NULL;

	t->folded = text_fold(value);
	t->respelled = text_respell(value);
	if (t->wrong)
		return;
	if (!*t->folded) {
		t->wrong = g_strdup("Something is missing behind ':' or '!'");
		return;
	}
	if (t->field == FILTER_KIND)
		t->kinds = event_kinds_named(value, &err);
	else if (t->field == FILTER_SINCE || t->field == FILTER_UNTIL)
		when_past(value, zone, now, (t->field == FILTER_UNTIL) != t->turned, &t->at, &err);
	if (err)
		t->wrong = g_strdup(err->message);
}

static void narrow(struct event_filter *f, const struct filter_term *t)
{
	/* Not since is until. */
	bool since = t->field == FILTER_SINCE && !t->turned, until = t->field == FILTER_UNTIL && !t->turned;

	since = since || (t->field == FILTER_UNTIL && t->turned);
	until = until || (t->field == FILTER_SINCE && t->turned);
	if (t->wrong) {
		f->wrong = f->wrong ? f->wrong : t->wrong;
		return;
	}
	if (t->field == FILTER_KIND) {
		unsigned all = (1u << EVENT_KIND_COUNT) - 1, left = t->turned ? all & ~t->kinds : t->kinds;

		f->kinds = (f->kinds ? f->kinds : all) & left;
		/* Nothing at all is left: a kind that there is not. */
		if (!f->kinds)
			f->kinds = 1u << EVENT_KIND_COUNT;
	}
	if (since && (!instant_known(f->from) || instant_before(f->from, t->at)))
		f->from = t->at;
	if (until && (!instant_known(f->until) || instant_before(t->at, f->until)))
		f->until = t->at;
}

struct event_filter *event_filter_parse(const char *line, const struct zone *zone, struct instant now)
{
	struct event_filter *f = g_new0(struct event_filter, 1);
	GString *word = g_string_new(NULL);
	size_t at = 0, from;

	f->terms = g_array_new(FALSE, FALSE, sizeof(struct filter_term));
	f->from = f->until = INSTANT_NONE;
	while (next_word(line ? line : "", &at, &from, word)) {
		struct filter_term t = { .from = from, .at = INSTANT_NONE };
		g_autofree char *whole = g_strdup(word->str);
		const char *value;

		t.turned = whole[0] == '!';
		look_at_field(&t, whole + t.turned, &value);
		g_autofree char *said = g_strdup(value);

		if (t.field == FILTER_SINCE || t.field == FILTER_UNTIL) {
			size_t after = at, ignored;

			if (*said && next_word(line, &after, &ignored, word) && is_hour(word->str)) {
				char *longer = g_strdup_printf("%s %s", said, word->str);

				g_free(said);
				said = longer;
				at = after;
			}
		}
		t.until = at;
		understand(&t, said, zone, now);
		g_array_append_val(f->terms, t);
		narrow(f, &t);
	}
	g_string_free(word, TRUE);
	return f;
}

void event_filter_free(struct event_filter *f)
{
	for (guint i = 0; i < f->terms->len; i++) {
		struct filter_term *t = &g_array_index(f->terms, struct filter_term, i);

		g_free(t->folded);
		g_free(t->respelled);
		g_free(t->wrong);
	}
	g_array_unref(f->terms);
	g_free(f);
}

/* ---- does it fit? ---- */

static bool holds(const char *folded, const struct filter_term *t)
{
	return folded && (strstr(folded, t->folded) || strstr(folded, t->respelled));
}

static bool what_fits(const struct filter_term *t, const struct filter_facts *f)
{
	const struct event_info *info = event_lookup(f->type);

	return holds(info->words, t) || (f->type && strstr(f->type, t->folded));
}

/* Of a plain word what happened counts from the beginning of the word on, and not from inside: 'lock'
 * is in nearly all of it. */
static bool what_is_said(const struct filter_term *t, const struct filter_facts *f)
{
	const char *words = event_lookup(f->type)->words;
	size_t len = strlen(t->folded);

	for (const char *p = words; len >= 4 && p && *p;) {
		if (strncmp(p, t->folded, len) == 0)
			return true;
		p = strchr(p, ' ');
		p = p ? p + 1 : NULL;
	}
	return false;
}

bool filter_term_fits(const struct filter_term *t, const struct filter_facts *f)
{
	bool fits = true;

	if (t->wrong)
		return true;
	switch (t->field) {
	case FILTER_WORD:
		fits = holds(f->lock, t) || holds(f->who, t) || what_is_said(t, f);
		break;
	case FILTER_LOCK: fits = holds(f->lock, t); break;
	case FILTER_CODE: fits = holds(f->who, t); break;
	case FILTER_WHAT: fits = what_fits(t, f); break;
	case FILTER_HOW:
		fits = f->method && (holds(method_words(f->method), t) || strstr(f->method, t->folded));
		break;
	case FILTER_KIND:
	case FILTER_SINCE:
	case FILTER_UNTIL:
	case FILTER_FIELD_COUNT: return true;
	}
	return fits != t->turned;
}
