/* dialect - how booking channels write who comes, and that nobody does.
 *
 * No channel has a field for it in a calendar: the summary is a name, or the word Reserved, or the
 * reason why the room is shut. A word that could be either is taken for a shut room unless something
 * beside it tells of a guest; a clerk who knows better writes the name, and that stays. */
#include "feed/parse_parts.h"

#include <string.h>

#include "core/text.h"

/* Anywhere in the summary. */
static const char *const shut_anywhere[] = { "not available", "unavailable", "nicht verfugbar", "no disponible",
					     "non disponible", NULL };
/* As its first words. */
static const char *const shut_first[] = { "blocked", "block", "closed", "owner", "owner's stay", "maintenance", "hold",
					  "out of order", "gesperrt", "sperrung", "geschlossen", "eigenbelegung",
					  "eigennutzung", "eigentumer", "wartung", "renovierung", NULL };
/* Alone: somebody has the room, but who is not said. */
static const char *const nameless[] = { "reserved", "reservation", "booked", "booking", "busy", "guest", "airbnb",
					"reserviert", "reservierung", "gebucht", "buchung", "belegt", "gast", NULL };
/* Before a name. */
static const char *const before_name[] = {
	"reserved", "reservation", "reservation for", "booked",	 "booking", "booked by", "stay",
	"guest",    "reserviert",  "reservierung",    "buchung", "gebucht", "gast",	 NULL
};
static const char *const called_off[] = { "cancelled", "canceled", "cancellation", "storniert", "storno", "abgesagt",
					  NULL };

/* Bytes of text that are this phrase and a mark or blank behind it, or its end; 0: it is not. */
static size_t begins(const char *text, const char *phrase)
{
	size_t n = strlen(phrase);

	if (g_ascii_strncasecmp(text, phrase, n) != 0 || g_ascii_isalnum(text[n]) || (guchar)text[n] >= 0x80)
		return 0;
	return n;
}

static bool is_one_of(const char *const *words, const char *folded)
{
	return g_strv_contains(words, folded);
}

static size_t begins_with_one_of(const char *const *words, const char *text)
{
	size_t longest = 0;

	for (; *words; words++)
		longest = MAX(longest, begins(text, *words));
	return longest;
}

static bool is_shut(const char *folded)
{
	for (const char *const *w = shut_anywhere; *w; w++)
		if (strstr(folded, *w))
			return true;
	return begins_with_one_of(shut_first, folded) > 0;
}

/* What stands behind "Reserved - " or "Booking: ", NULL where no mark parts the two. */
static const char *behind(const char *const *words, const char *text)
{
	size_t n = begins_with_one_of(words, text);
	const char *p = text + n;

	if (!n)
		return NULL;
	p += strspn(p, " ");
	if (g_str_has_prefix(p, "\xe2\x80\x93") || g_str_has_prefix(p, "\xe2\x80\x94"))
		p += 3;
	else if (*p && strchr("-:|(", *p))
		p++;
	else
		return NULL;
	return p + strspn(p, " ");
}

enum reservation_status dialect_summary(const char *summary, bool said_more, char **guest)
{
	g_autofree char *label = parse_label(summary), *folded = text_fold(label ? label : "");
	const char *name = label, *rest;

	*guest = NULL;
	if (!label || !*folded)
		return said_more ? RESERVATION_CONFIRMED : RESERVATION_BLOCK;
	if (begins_with_one_of(called_off, folded)) {
		rest = behind(called_off, label);
		*guest = rest ? parse_label(rest) : NULL;
		return RESERVATION_CANCELLED;
	}
	if (is_shut(folded))
		return RESERVATION_BLOCK;
	if (is_one_of(nameless, folded))
		return said_more ? RESERVATION_CONFIRMED : RESERVATION_BLOCK;
	rest = behind(before_name, label);
	if (rest && *rest) {
		g_autofree char *again = text_fold(rest);

		if (is_shut(again))
			return RESERVATION_BLOCK;
		name = rest;
	}
	*guest = parse_label(name);
	return RESERVATION_CONFIRMED;
}

/* ---- statuses ---- */

static const char *const unsure[] = { "pending", "inquiry", "enquiry", "request", "requested", "tentative", "option",
				      "optional", "draft", "quote", "awaiting", "on request", "anfrage", "offen",
				      "vorlaufig", "entwurf", "angebot", NULL };
static const char *const off[] = { "cancelled", "canceled", "cancel",	 "no show",	    "no-show", "noshow",
				   "declined",	"denied",   "expired",	 "rejected",	    "deleted", "storniert",
				   "storno",	"abgesagt", "abgelehnt", "nicht angereist", NULL };

bool dialect_status(const char *words, enum reservation_status *status)
{
	g_autofree char *folded = text_fold(words ? words : "");

	g_strdelimit(folded, "_", ' ');
	*status = RESERVATION_CONFIRMED;
	if (begins_with_one_of(unsure, folded))
		return false;
	if (begins_with_one_of(off, folded) || g_str_has_suffix(folded, " cancelled") ||
	    g_str_has_suffix(folded, " canceled") || g_str_has_suffix(folded, " storniert"))
		*status = RESERVATION_CANCELLED;
	else if (is_shut(folded))
		*status = RESERVATION_BLOCK;
	return true;
}

/* ---- what stands in a description ---- */

char *dialect_digits(const char *text)
{
	GString *s = g_string_new(NULL);

	/* "0151 2345678 ext 12", "a / b": the first number is meant. */
	for (const char *p = text ? text : ""; *p && s->len < 20; p++) {
		if (g_ascii_isdigit(*p))
			g_string_append_c(s, *p);
		else if (s->len >= 4 && !strchr(" ()-.+/", *p))
			break;
	}
	return g_string_free(s, s->len < 4);
}

static const char *const phone_labels[] = { "phone number (last 4 digits)", "last 4 digits of phone", "phone number",
					    "phone", "mobile", "telephone", "tel", "telefon", "handy", "mobil", NULL };
static const char *const room_labels[] = { "room",	   "unit",    "room number", "apartment", "zimmer",
					   "zimmernummer", "einheit", "wohnung",     NULL };
static const char *const guest_labels[] = { "guest", "guest name", "name", "booked by", "gast", "gastname", NULL };

/* Lines "Label: value"; what follows the first colon of a line that begins with the label. */
static char *labelled(const char *description, const char *const *labels)
{
	g_auto(GStrv) lines = g_strsplit(description ? description : "", "\n", 200);

	for (char **line = lines; *line; line++) {
		const char *text = *line + strspn(*line, " \t*-");
		size_t n = begins_with_one_of(labels, text);
		const char *p = text + n;

		if (!n)
			continue;
		p += strspn(p, " .");
		if (*p == ':')
			return parse_label(p + 1);
	}
	return NULL;
}

char *dialect_phone(const char *description)
{
	g_autofree char *said = labelled(description, phone_labels);

	return said ? dialect_digits(said) : NULL;
}

char *dialect_room(const char *description)
{
	return labelled(description, room_labels);
}

char *dialect_guest(const char *description)
{
	return labelled(description, guest_labels);
}

bool dialect_tells_of_a_guest(const char *description)
{
	g_autofree char *phone = dialect_phone(description), *folded = text_fold(description ? description : "");

	return phone || strstr(folded, "reservation url") || strstr(folded, "/reservations/") ||
	       strstr(folded, "confirmation code");
}
