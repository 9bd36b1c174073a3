/* audit_verify - goes along a chain until the first record that is wrong. */
#include "config.h"

#include "core/audit.h"

#include <string.h>

#include "core/audit_seal.h"
#include "core/jsonin.h"
#include "core/text.h"

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

static bool is_signed(const struct audit_report *r, const char *kind, const char *line, int64_t no, const char *hex)
{
	unsigned char key[crypto_sign_PUBLICKEYBYTES], signature[crypto_sign_BYTES];
	g_autofree char *signed_hex = text_in(line, "body.signature");
	g_autofree char *text = audit_seal_text(kind, no, hex);

	return from_hex(r->key, key, sizeof key) && from_hex(signed_hex, signature, sizeof signature) &&
	       crypto_sign_verify_detached(signature, (const unsigned char *)text, strlen(text), key) == 0;
}

static bool is_kind(const char *line, const char *kind)
{
	g_autofree char *mark = g_strdup_printf("\"%s\"", kind), *is = NULL;

	if (!strstr(line, mark)) /* nearly all of them, at once */
		return false;
	is = text_in(line, "kind");
	return g_strcmp0(is, kind) == 0;
}

/* Of the body's "up_to", -1: there is none. */
static int64_t up_to(const char *line)
{
	g_autofree char *text = text_in(line, "body.up_to");

	return text ? g_ascii_strtoll(text, NULL, 10) : -1;
}

/* The key that stands in a seal or a cut must be the one that all have; the first is believed where none is given. */
static bool is_of_the_key(struct audit_report *r, const char *kind, const char *line, int64_t no, const char *hex)
{
	g_autofree char *key = text_in(line, "body.key");

	if (!*r->key && key)
		g_strlcpy(r->key, key, sizeof r->key);
	return g_strcmp0(key, r->key) == 0 && is_signed(r, kind, line, no, hex);
}

/* before: the head that it must stand for. */
static void look_at_seal(struct audit_report *r, const char *line, const struct audit_head *before)
{
	g_autofree char *at = NULL;
	char hex[AUDIT_HEX];

	if (!is_kind(line, "seal"))
		return;
	at = text_in(line, "at");
	audit_hex(before->hash, hex);
	if (!is_of_the_key(r, "seal", line, before->no, hex)) {
		found(r, AUDIT_FORGED_SEAL, r->last);
		return;
	}
	r->seals++;
	r->sealed = r->last - 1;
	r->open_day[0] = '\0';
	g_strlcpy(r->sealed_at, at ? at : "", sizeof r->sealed_at);
}

/* Says that what was before the first record here was put away. Others are of earlier cuts, or, where an older export
 * stands before this one, of what is there still. */
static void look_at_cut(struct audit_report *r, const char *line)
{
	g_autofree char *hash = NULL, *at = NULL;
	int64_t no;

	if (!is_kind(line, "cut"))
		return;
	hash = text_in(line, "body.hash");
	no = up_to(line);
	if (!hash || !is_of_the_key(r, "cut", line, no, hash)) {
		found(r, AUDIT_FORGED_SEAL, r->last);
		return;
	}
	if (r->cut == 0 || no != r->cut)
		return;
	at = text_in(line, "at");
	r->cut_by = r->last;
	g_strlcpy(r->cut_at, at ? at : "", sizeof r->cut_at);
}

/* The first line: a seal, before which the chain was cut, says itself what the hash before it was. Whether that is
 * true its signature will show. */
static void begin_at_cut(struct audit_report *r, const char *line, int64_t no)
{
	g_autofree char *hash = NULL;
	struct audit_head before = { .no = no - 1 };

	if (!is_kind(line, "seal") || up_to(line) != no - 1)
		return;
	hash = text_in(line, "body.hash");
	if (!from_hex(hash, before.hash, sizeof before.hash))
		return;
	r->head = before;
	r->cut = r->last = no - 1;
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
	struct audit_head before;
	int64_t no;

	if (!part(line, &len, hash)) {
		found(r, AUDIT_NO_RECORD, r->last + 1);
		return;
	}
	no = g_ascii_strtoll(line + sizeof(BEGINNING) - 1, NULL, 10);
	if (r->line == 1 && no > 1)
		begin_at_cut(r, line, no);
	before = r->head;
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
	if (r->verdict == AUDIT_WHOLE)
		look_at_cut(r, line);
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
	bool empty = r->last == r->cut;

	r->first = empty ? 0 : r->cut + 1;
	if (failed)
		found(r, AUDIT_UNREADABLE, r->last + 1);
	else if (expect && expect->no > r->last)
		found(r, AUDIT_CUT_OFF, r->last);
	else if (empty)
		found(r, AUDIT_EMPTY, 0);
	else if (r->cut > 0 && r->cut_by == 0)
		found(r, AUDIT_BEHEADED, r->first);
	else if (expect && expect->no <= r->cut)
		found(r, AUDIT_HEAD_GONE, expect->no);
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
	[AUDIT_BEHEADED] =
		"It begins with record {no}, and no record of this key says that the ones before it were put "
		"away.",
	[AUDIT_HEAD_GONE] =
		"It is whole, but the head that was given is of record {no}, which was put away: an earlier "
		"export holds it.",
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

static void add_cut(GString *out, const struct audit_report *r)
{
	if (r->cut > 0)
		g_string_append_printf(out,
				       " Records 1 to %" G_GINT64_FORMAT
				       " were put away on %s, as record %" G_GINT64_FORMAT " says.",
				       r->cut, r->cut_at, r->cut_by);
}

char *audit_words(const struct audit_report *r)
{
	g_autoptr(GString) out = g_string_new(r->verdict == AUDIT_WHOLE ? "" : sentences[r->verdict]);
	char hex[AUDIT_HEX];

	if (r->verdict == AUDIT_WHOLE) {
		audit_hex(r->head.hash, hex);
		g_string_append_printf(out, "%" G_GINT64_FORMAT " records, whole.", r->last - r->cut);
		add_cut(out, r);
		add_seals(out, r);
		g_string_append_printf(out, " Head: %" G_GINT64_FORMAT ":%s", r->last, hex);
	}
	put_number(out, "{no}", r->no);
	put_number(out, "{line}", r->line);
	return text_safe(out->str); /* key and times are what the file says they are */
}
