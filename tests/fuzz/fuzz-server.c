/* fuzz-server: any bytes as method, path, query and body are answered once, in the envelope, and
 * never with a 500. A line "POST /path?query", and the body below it. */
#include "config.h"

#include <stdlib.h>

#include "tests/fuzz/fuzz.h"
#include "tests/server/rig.h"

#define PROPERTY                                                                                   \
	"[lock Front]\ntype = august_lock\n[lock Gate]\ntype = igloohome_lock\n"                   \
	"[lock Attic]\ntype = smartthings_lock\n"

/* One house for all of it: what a request leaves behind is part of the next one's fortune. */
static struct rig *rig;

static void at_exit(void)
{
	rig_free(rig);
}

static struct rig *the_rig(void)
{
	if (!rig) {
		rig = rig_new(PROPERTY);
		atexit(at_exit);
	}
	return rig;
}

/* "@Front" stands for that lock's id. */
static char *with_ids(struct rig *r, const char *text)
{
	static const char *const names[] = { "Front", "Gate", "Attic" };
	g_autoptr(GString) out = g_string_new(text);

	FOR_ROWS (i, names) {
		g_autofree char *at = g_strconcat("@", names[i], NULL);

		g_string_replace(out, at, rig_device(r, names[i]), 4);
	}
	return g_string_free(g_steal_pointer(&out), FALSE);
}

/* Webhooks would speak to addresses; a long advance takes its time. */
static bool is_left_out(const char *what)
{
	return strstr(what, "/webhooks/") || strstr(what, "/simulate/advance");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rig *r = the_rig();
	const uint8_t *newline = size ? memchr(data, '\n', size) : NULL;
	size_t line = newline ? (size_t)(newline - data) : size;
	g_autofree char *raw = g_strndup((const char *)data, line);
	g_autofree char *what = with_ids(r, raw);
	g_autofree char *rest = newline ? g_strndup((const char *)newline + 1, size - line - 1) : NULL;
	g_autofree char *body = rest ? with_ids(r, rest) : NULL;
	bool whole = !rest || strlen(rest) == size - line - 1; /* else there is a NUL in it */
	const char *from = whole ? body : (const char *)newline + 1;
	size_t len = !newline ? 0 : whole ? strlen(body) : size - line - 1;
	const json_t *answer;

	if (!strchr(what, ' ') || is_left_out(what))
		return 0;
	answer = rig_raw(r, what, "application/json", from, len);
	if (r->call)
		server_cancel(r->call);
	else if (r->status >= 500)
		g_error("%s: %s", what, r->text);
	else if (g_str_has_prefix(r->content_type, "application/json"))
		g_assert_cmpstr(rig_text(answer, "ok"), ==, r->status == 200 ? "true" : "false");
	if (r->answers->len > 100)
		g_ptr_array_set_size(r->answers, 0);
	return 0;
}
