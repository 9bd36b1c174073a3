/* fuzz-audit: any file is verified without harm; a chain made of any records is whole, and is not with one
 * byte of it changed.
 *
 * 'v' and a file; or two bytes that say where a byte is changed, and a line for each record's body. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "core/audit.h"
#include "core/text.h"
#include "tests/fuzz/fuzz.h"

enum { RECORDS_MAX = 20 };

/* What is said of it is a sentence that can be shown. */
static void verify(const char *text, size_t len, const struct audit_head *head, struct audit_report *r)
{
	FILE *in = fmemopen((void *)(uintptr_t)text, len, "r");
	g_autofree char *words = NULL, *safe = NULL;

	if (!in)
		g_error("no file");
	audit_verify(in, NULL, head, r);
	fclose(in);
	words = audit_words(r);
	safe = text_safe(words);
	g_assert_cmpstr(words, ==, safe);
	g_assert_cmpint(r->line, >=, 0);
}

static void any_file(const char *text, size_t len)
{
	struct audit_report r;
	struct audit_head head;
	g_autofree char *copy = g_strndup(text, len);

	audit_head_parse(copy, &head);
	if (len)
		verify(text, len, NULL, &r);
}

static void add(GString *out, struct audit_head *head, const char *body)
{
	struct audit_record r = { .no = head->no + 1, .at = { INT64_C(1767614400000) }, .kind = "act",
				  .who = "desk", .body = body };
	g_autoptr(GString) line = g_string_new(NULL);

	audit_line(line, &r);
	audit_link(head, line->str, line->len);
	audit_whole(out, line->str, head->hash);
	g_string_append_c(out, '\n');
}

/* A body is JSON of this program's own making: quotes, backslashes and controls are left out of it. */
static char *body_of(const char *line)
{
	g_autofree char *safe = text_safe(line);
	g_autofree char *plain = g_strdelimit(g_steal_pointer(&safe), "\"\\", '_');

	return g_strdup_printf("{\"say\":\"%s\"}", plain);
}

static void a_chain(const uint8_t where[2], const char *text)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", RECORDS_MAX);
	g_autoptr(GString) out = g_string_new(NULL);
	struct audit_head head = { 0 };
	struct audit_report r;
	size_t at;

	for (char **l = lines; *l; l++) {
		g_autofree char *body = body_of(*l);

		add(out, &head, body);
	}
	if (!out->len)
		return;
	verify(out->str, out->len, &head, &r);
	if (r.verdict != AUDIT_WHOLE)
		g_error("a whole chain is called %d at line %d", (int)r.verdict, (int)r.line);
	at = (where[0] * 256u + where[1]) % out->len;
	out->str[at] = (char)(out->str[at] ^ (1 + where[1] % 127));
	verify(out->str, out->len, &head, &r);
	/* The last newline belongs to nothing. */
	if (r.verdict == AUDIT_WHOLE && at + 1 < out->len)
		g_error("byte %d of %d was changed, and nobody saw it", (int)at, (int)out->len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size > 0 && data[0] == 'v') {
		any_file((const char *)data + 1, size - 1);
	} else if (size > 2) {
		g_autofree char *text = g_strndup((const char *)data + 2, size - 2);

		a_chain(data, text);
	}
	return 0;
}
