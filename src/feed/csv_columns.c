/* csv_columns - what a column is, by the name over it.
 *
 * The names are those that booking channels, property systems and people's own spreadsheets use, in
 * English and German; of two columns of one meaning the name that stands first here wins. */
#include "feed/parse_parts.h"

#include <string.h>

#include "core/text.h"

static const char *const names[CSV_COLUMN_COUNT] = {
	[CSV_KEY] =
		"booking number|book number|booking id|booking reference|booking|reservation number|reservation id|"
		"reservation|confirmation code|confirmation number|confirmation|reference|uid|key|id|"
		"buchungsnummer|buchungsnr|buchungs-nr|buchung|reservierungsnummer|reservierungsnr|reservierung|"
		"bestatigungscode|nummer|nr",
	[CSV_GUEST] =
		"guest name(s)|guest name|guest|guests name|name of guest|lead guest|full name|booked by|booker|"
		"customer|name|gastname|gast|name des gastes|hauptgast|gaste|gebucht von",
	[CSV_FIRST_NAME] = "first name|firstname|given name|guest first name|vorname",
	[CSV_LAST_NAME] = "last name|lastname|surname|family name|guest last name|nachname|familienname",
	[CSV_ROOM] =
		"room|room number|room no|room name|room id|unit|unit name|unit number|door|lock|apartment|listing|"
		"listing name|property name|accommodation|zimmer|zimmernummer|zimmernr|zimmer-nr|raum|einheit|"
		"wohnung|apartement|ferienwohnung|unterkunft|tur|schloss|unit type|room type",
	[CSV_ARRIVAL] =
		"arrival|arrival date|check-in|check in|checkin|check-in date|checkin date|check in date|"
		"start|start date|begin|from|date from|anreise|anreisedatum|anreisetag|ankunft|check-in-datum|"
		"von|beginn",
	[CSV_DEPARTURE] =
		"departure|departure date|check-out|check out|checkout|check-out date|checkout date|"
		"check out date|end|end date|until|to|date to|abreise|abreisedatum|abreisetag|check-out-datum|"
		"bis|ende",
	[CSV_ARRIVAL_TIME] =
		"arrival time|check-in time|checkin time|eta|estimated arrival time|ankunftszeit|anreisezeit|"
		"check-in-zeit",
	[CSV_DEPARTURE_TIME] = "departure time|check-out time|checkout time|etd|abreisezeit|check-out-zeit",
	[CSV_NIGHTS] = "nights|# of nights|number of nights|duration (nights)|length of stay|nachte|anzahl nachte|"
		       "ubernachtungen",
	[CSV_PHONE] = "phone|phone number|mobile|mobile number|mobile phone|telephone|tel|contact|contact number|"
		      "guest phone|telefon|telefonnummer|handy|handynummer|mobil|mobilnummer|rufnummer|kontakt",
	[CSV_STATUS] = "status|state|booking status|reservation status|buchungsstatus|zustand",
};

/* The rank of this name among those of the column, from 0; -1: it is none. */
static int rank(const char *list, const char *folded)
{
	size_t len = strlen(folded);

	for (int n = 0; len && list; n++) {
		const char *next = strchr(list, '|');
		size_t one = next ? (size_t)(next - list) : strlen(list);

		if (one == len && memcmp(list, folded, len) == 0)
			return n;
		list = next ? next + 1 : NULL;
	}
	return -1;
}

/* As it is compared: folded, a mark at its end and the underscores of programs aside. */
static char *as_name(const char *text)
{
	char *folded = text_fold(text);

	g_strdelimit(folded, "_", ' ');
	for (size_t n = strlen(folded); n && strchr(":*.", folded[n - 1]); n--)
		folded[n - 1] = '\0';
	return g_strstrip(folded);
}

static void look(const struct csv_record *head, int at[CSV_COLUMN_COUNT])
{
	int best[CSV_COLUMN_COUNT];

	for (int c = 0; c < CSV_COLUMN_COUNT; c++)
		at[c] = best[c] = -1;
	for (guint i = 0; i < head->fields->len; i++) {
		g_autofree char *name = as_name(head->fields->pdata[i]);

		for (int c = 0; c < CSV_COLUMN_COUNT; c++) {
			int n = rank(names[c], name);

			if (n < 0 || (at[c] >= 0 && best[c] <= n))
				continue;
			at[c] = (int)i;
			best[c] = n;
		}
	}
}

static char *found(const struct csv_record *head)
{
	GString *s = g_string_new(NULL);

	for (guint i = 0; i < head->fields->len && i < 8; i++)
		g_string_append_printf(s, "%s%s", i ? ", " : "", (const char *)head->fields->pdata[i]);
	return g_string_free(s, FALSE);
}

bool csv_columns(const struct csv_record *head, int at[CSV_COLUMN_COUNT], GError **err)
{
	g_autofree char *has = NULL, *shown = NULL;
	const char *missing;

	look(head, at);
	missing = at[CSV_ARRIVAL] < 0 ? "the arrival"
		  : at[CSV_DEPARTURE] < 0 && at[CSV_NIGHTS] < 0 ? "the departure or the nights" : NULL;
	if (!missing)
		return true;
	has = found(head);
	shown = text_fit(has, 60, CUT_END, true);
	return parse_fail(err, "Line %d must name the columns, and none is %s. Write for example: booking,guest,room,"
			       "arrival,departure,phone. There is: %s", head->line, missing, shown);
}
