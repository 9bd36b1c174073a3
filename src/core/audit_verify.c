/* audit_verify - goes along a chain until the first record that is wrong. */
#include "config.h"

#include "core/audit.h"

#include <string.h>

#include "core/audit_seal.h"
#include "core/jsonin.h"

#define BEGINNING "{\"no\":"
#define HASH_KEY  ",\"hash\":\""
#define ENDING	  "\"}"

enum { TAIL = sizeof(HASH_KEY) - 1 + AUDIT_HEX - 1 + sizeof(ENDING) - 1 };

static void found(struct audit_report *r, enum audit_verdict verdict, int64_t no)
{
	r->verdict = verdict;
	r->no = no;
}

static bool from_hex(const char *hex, unsigned char *out, size_t len)
{
	return hex && strlen(hex) == 2 * len &&
	       sodium_hex2bin(out, len, hex, 2 * len, NULL, NULL, NULL) == 0;
}

/* Cuts the hash off the line's end: line then is what was hashed. */
static bool part(char *line, size_t *len, unsigned char hash[static AUDIT_HASH_BYTES])
{
	char *tail = line + *len - TAIL, hex[AUDIT_HEX], as_written[AUDIT_HEX];

	if (*len < sizeof(BEGINNING) - 1 + TAIL || memcmp(line, BEGINNING, sizeof(BEGINNING) - 1) != 0 ||
	    memcmp(tail, HASH_KEY, sizeof(HASH_KEY) - 1) != 0 ||
	    memcmp(line + *len - (sizeof(ENDING) - 1), ENDING, sizeof(ENDING) - 1) != 0)
		return false;
	memcpy(hex, tail + sizeof(HASH_KEY) - 1, AUDIT_HEX - 1);
	hex[AUDIT_HEX - 1] = '\0';
	if (!from_hex(hex, hash, AUDIT_HASH_BYTES))
		return false;
	/* Capitals would be the same hash in a line that is not as it was written. */
	audit_hex(hash, as_written);
	if (strcmp(hex, as_written) != 0)
		return false;
	*len -= TAIL;
	*tail = '\0';
	return true;
}

static char *text_in(const char *line, const char *path)
{
	g_autofree char *whole = g_strconcat(line, "}", NULL);

	return jsonin_text(whole, path);
}

static bool is_signed(const struct audit_report *r, const char *line, const char *hex)
{
	unsigned char key[crypto_sign_PUBLICKEYBYTES], signature[crypto_sign_BYTES];
	g_autofree char *signed_hex = text_in(line, "body.signature");
	g_autofree char *text = audit_seal_text(r->last - 1, hex);

	return from_hex(r->key, key, sizeof key) && from_hex(signed_hex, signature, sizeof signature) &&
	       crypto_sign_verify_detached(signature, (const unsigned char *)text, strlen(text), key) == 0;
}

/* before: the head that it must stand for. */
static void look_at_seal(struct audit_report *r, const char *line, const struct audit_head *before)
{
	g_autofree char *kind = NULL, *key = NULL, *at = NULL;
	char hex[AUDIT_HEX];

	if (!strstr(line, "\"seal\"")) /* nearly all of them, at once */
		return;
	kind = text_in(line, "kind");
	if (g_strcmp0(kind, "seal") != 0)
		return;
	key = text_in(line, "body.key");
	at = text_in(line, "at");
	audit_hex(before->hash, hex);
	if (!*r->key && key)
		g_strlcpy(r->key, key, sizeof r->key);
	if (g_strcmp0(key, r->key) != 0 || !is_signed(r, line, hex)) {
		found(r, AUDIT_FORGED_SEAL, r->last);
		return;
	}
	r->seals++;
	r->sealed = r->last - 1;
	r->open_day[0] = '\0';
	g_strlcpy(r->sealed_at, at ? at : "", sizeof r->sealed_at);
}

/* {"no":7,"at":"2026-01-05T…: the first two members are always these. */
static void look_at_day(struct audit_report *r, const char *line)
{
	static const char mark[] = ",\"at\":\"";
	const char *at = strstr(line, mark);

	g_strlcpy(r->day, at ? at + sizeof mark - 1 : "", sizeof r->day);
	if (!*r->open_day)
		g_strlcpy(r->open_day, r->day, sizeof r->open_day);
}

/* A day is sealed before the next one's first record. */
static bool lacks_a_seal(const struct audit_report *r)
{
	return r->key_known && *r->open_day && strcmp(r->day, r->open_day) > 0;
}

static void look_at(struct audit_report *r, char *line, size_t len, const struct audit_head *expect)
{
	unsigned char hash[AUDIT_HASH_BYTES];
	struct audit_head before = r->head;
	int64_t no;

	if (!part(line, &len, hash)) {
		found(r, AUDIT_NO_RECORD, r->last + 1);
		return;
	}
	no = g_ascii_strtoll(line + sizeof(BEGINNING) - 1, NULL, 10);
	if (no > r->last + 1) {
		found(r, AUDIT_MISSING, r->last + 1);
		return;
	}
	audit_link(&r->head, line, len);
	if (no != r->last + 1 || memcmp(hash, r->head.hash, sizeof hash) != 0) {
		found(r, AUDIT_ALTERED, r->last + 1);
		return;
	}
	r->last = no;
	look_at_day(r, line);
	look_at_seal(r, line, &before);
	if (r->verdict == AUDIT_WHOLE && expect && expect->no == no &&
	    memcmp(expect->hash, r->head.hash, sizeof hash) != 0)
		found(r, AUDIT_OTHER_HEAD, no);
}

/* One line without its end, however long the file says it is. False: there is none. */
static bool read_line(FILE *in, GString *line)
{
	int ch;

	g_string_truncate(line, 0);
	while ((ch = getc(in)) != EOF && ch != '\n' && line->len <= AUDIT_LINE_MAX)
		g_string_append_c(line, (char)ch);
	return ch != EOF || line->len > 0;
}

static void judge_end(struct audit_report *r, bool failed, const struct audit_head *expect)
{
	r->first = r->last > 0;
	if (failed)
		found(r, AUDIT_UNREADABLE, r->last + 1);
	else if (expect && expect->no > r->last)
		found(r, AUDIT_CUT_OFF, r->last);
	else if (r->last == 0)
		found(r, AUDIT_EMPTY, 0);
	else if (lacks_a_seal(r))
		found(r, AUDIT_UNSEALED, r->seals ? r->sealed + 2 : 1);
	else
		r->no = r->last;
}

void audit_verify(FILE *in, const char *key, const struct audit_head *expect, struct audit_report *r)
{
	g_autoptr(GString) line = g_string_new(NULL);

	*r = (struct audit_report){ .verdict = AUDIT_WHOLE, .key_known = key != NULL };
	g_strlcpy(r->key, key ? key : "", sizeof r->key);
	while (r->verdict == AUDIT_WHOLE && read_line(in, line)) {
		r->line++;
		if (line->len > AUDIT_LINE_MAX || memchr(line->str, '\0', line->len))
			found(r, AUDIT_NO_RECORD, r->last + 1);
		else
			look_at(r, line->str, line->len, expect);
	}
	if (r->verdict == AUDIT_WHOLE)
		judge_end(r, ferror(in), expect);
}

bool audit_head_parse(const char *text, struct audit_head *head)
{
	char *end = NULL;

	head->no = g_ascii_strtoll(text, &end, 10);
	return end != text && *end == ':' && head->no > 0 && from_hex(end + 1, head->hash, AUDIT_HASH_BYTES);
}

/* ---- words ---- */

/* {no}: the record's number; {line}: of the file. */
static const char *const sentences[] = {
	[AUDIT_EMPTY] = "There is no record in it.",
	[AUDIT_ALTERED] = "Record {no} (line {line}) was altered. Everything before it is as it was written.",
	[AUDIT_MISSING] = "Record {no} is missing: line {line} holds a later one. Everything before it is as it "
			  "was written.",
	[AUDIT_NO_RECORD] = "Line {line} is no record of an audit, where record {no} should stand.",
	[AUDIT_FORGED_SEAL] = "Record {no} (line {line}) is a seal that this key did not make.",
	[AUDIT_UNSEALED] = "Record {no} is of a day that is over, and no seal of this key follows it: the seals were "
			   "left out, or the chain was made anew.",
	[AUDIT_CUT_OFF] = "It ends with record {no}, before the head that was given: the rest is missing.",
	[AUDIT_OTHER_HEAD] = "Record {no} (line {line}) is another than the head that was given: the chain was "
			     "made anew.",
	[AUDIT_UNREADABLE] = "It could not be read any further than line {line}.",
};

static void put_number(GString *text, const char *mark, int64_t n)
{
	char digits[24];

	g_snprintf(digits, sizeof digits, "%" G_GINT64_FORMAT, n);
	g_string_replace(text, mark, digits, 0);
}

static void add_seals(GString *out, const struct audit_report *r)
{
	if (r->seals == 0) {
		g_string_append(out, " None of it is sealed yet.");
		return;
	}
	g_string_append_printf(out, " Sealed up to record %" G_GINT64_FORMAT " on %s by key %.16s…%s", r->sealed,
			       r->sealed_at, r->key,
			       r->key_known ? "."
					    : ", for which nobody vouches here: give the key's .pub with --key.");
}

char *audit_words(const struct audit_report *r)
{
	g_autoptr(GString) out = g_string_new(r->verdict == AUDIT_WHOLE ? "" : sentences[r->verdict]);
	char hex[AUDIT_HEX];

	if (r->verdict == AUDIT_WHOLE) {
		audit_hex(r->head.hash, hex);
		g_string_append_printf(out, "%" G_GINT64_FORMAT " records, whole.", r->last);
		add_seals(out, r);
		g_string_append_printf(out, " Head: %" G_GINT64_FORMAT ":%s", r->last, hex);
	}
	put_number(out, "{no}", r->no);
	put_number(out, "{line}", r->line);
	return g_string_free(g_steal_pointer(&out), FALSE);
}
