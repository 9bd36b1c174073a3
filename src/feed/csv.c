/* csv - a table of reservations: each row becomes one, or a reason with its line. */
#include "feed/parse_parts.h"

#include <string.h>

#include "core/text.h"

struct table {
	struct reservations *out;
	GHashTable *seen;
	const struct parse_context *ctx;
	int at[CSV_COLUMN_COUNT];
	guint columns;
	enum day_order order;
};

static const char *cell(const struct table *t, const struct csv_record *record, enum csv_column c)
{
	if (t->at[c] < 0 || (guint)t->at[c] >= record->fields->len)
		return "";
	return record->fields->pdata[t->at[c]];
}

static void look_at_dates(struct table *t, const GArray *records)
{
	for (guint i = 1; i < records->len; i++) {
		const struct csv_record *record = &g_array_index(records, struct csv_record, i);

		t->order = dates_order(t->order, cell(t, record, CSV_ARRIVAL));
		t->order = dates_order(t->order, cell(t, record, CSV_DEPARTURE));
	}
}

static bool read_window(const struct table *t, const struct csv_record *record, struct reservation *one, GError **err)
{
	struct date_context date = { t->ctx, t->order, false };
	const char *nights = cell(t, record, CSV_NIGHTS), *departure = cell(t, record, CSV_DEPARTURE);

	if (!dates_read(cell(t, record, CSV_ARRIVAL), cell(t, record, CSV_ARRIVAL_TIME), &date, &one->starts_at, err))
		return false;
	date.is_end = true;
	if (!*departure && *nights) {
		guint64 n = 0;

		if (!g_ascii_string_to_unsigned(nights, 10, 1, 1000, &n, NULL))
			return parse_fail(err, "'%.12s' is no number of nights", nights);
		one->ends_at = dates_after_nights(one->starts_at, (int)n, t->ctx);
		return true;
	}
	return dates_read(departure, cell(t, record, CSV_DEPARTURE_TIME), &date, &one->ends_at, err);
}

static char *guest_of(const struct table *t, const struct csv_record *record)
{
	g_autofree char *whole = parse_label(cell(t, record, CSV_GUEST));
	g_autofree char *two = NULL;

	if (whole)
		return g_steal_pointer(&whole);
	two = g_strdup_printf("%s %s", cell(t, record, CSV_FIRST_NAME), cell(t, record, CSV_LAST_NAME));
	return parse_label(two);
}

/* Without a booking number a row is known again by its door and its day of arrival. */
static const char *key_of(const struct table *t, const struct csv_record *record, const struct reservation *one)
{
	g_autofree char *said = parse_label(cell(t, record, CSV_KEY)), *door = NULL;
	struct civil c;

	if (said)
		return reservations_keep(t->out, said);
	door = text_fold(one->door ? one->door : "");
	c = civil_at(t->ctx->zone, one->starts_at);
	return reservations_keepf(t->out, "%s %04d-%02d-%02d", *door ? door : "?", c.year, c.month, c.day);
}

static const char *check_status(const struct table *t, const struct csv_record *record, struct reservation *one)
{
	const char *said = cell(t, record, CSV_STATUS);
	g_autofree char *safe = NULL;

	if (dialect_status(said, &one->status))
		return NULL;
	safe = text_fit(said, 24, CUT_END, true);
	return reservations_keepf(t->out, "It is not settled yet: '%s'", safe);
}

static void take_row(struct table *t, const struct csv_record *record)
{
	g_autoptr(GError) wrong = NULL;
	g_autofree char *guest = guest_of(t, record), *door = parse_label(cell(t, record, CSV_ROOM)),
			*phone = dialect_digits(cell(t, record, CSV_PHONE));
	struct reservation one = {
		.guest = reservations_keep(t->out, guest),
		.door = reservations_keep(t->out, door),
		.phone = reservations_keep(t->out, phone),
		.starts_at = INSTANT_NONE,
		.ends_at = INSTANT_NONE,
		.line = record->line,
		.refused = record->broken,
	};
	bool whole;

	if (!one.refused && record->fields->len > t->columns)
		one.refused =
			reservations_keepf(t->out, "It has %u columns, the first line names %u: is a quote missing?",
					   record->fields->len, t->columns);
	whole = !one.refused && read_window(t, record, &one, &wrong);
	if (!one.refused && !whole)
		one.refused = reservations_keep(t->out, wrong->message);
	if (!one.refused)
		one.refused = check_status(t, record, &one);
	one.key = whole ? key_of(t, record, &one) : reservations_keepf(t->out, "line %d", record->line);
	reservations_add(t->out, t->seen, &one);
}

/* Blank columns at the end are a spreadsheet's, not a row's. */
static void drop_blank_end(struct csv_record *record)
{
	GPtrArray *f = record->fields;

	while (f->len && !*(const char *)f->pdata[f->len - 1])
		g_ptr_array_set_size(f, (gint)f->len - 1);
}

struct reservations *csv_parse(const char *data, size_t len, const struct parse_context *ctx, GError **err)
{
	OWN(reservations) struct reservations *out = reservations_new();
	g_autoptr(GHashTable) seen = reservations_seen_new();
	g_autoptr(GArray) records = csv_read(data, len, out->chunk, err);
	struct table t = { .out = out, .seen = seen, .ctx = ctx };

	if (!records)
		return NULL;
	if (!records->len) {
		parse_fail(err, "It is empty");
		return NULL;
	}
	if (!csv_columns(&g_array_index(records, struct csv_record, 0), t.at, err))
		return NULL;
	t.columns = g_array_index(records, struct csv_record, 0).fields->len;
	look_at_dates(&t, records);
	for (guint i = 1; i < records->len; i++) {
		struct csv_record *record = &g_array_index(records, struct csv_record, i);

		drop_blank_end(record);
		take_row(&t, record);
	}
	return g_steal_pointer(&out);
}
