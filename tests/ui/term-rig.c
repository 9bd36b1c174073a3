/* term-rig - see the header. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/ui/term-rig.h"

static const char *const program[] = { TERM_DEMO, NULL };

struct vt *begin_with(const struct vt_options *opt)
{
	static const char *const env[] = { UTF8, NULL };
	struct vt_options o = *opt;

	o.argv = o.argv ? o.argv : program;
	o.env = o.env ? o.env : env;
	o.rows = o.rows ? o.rows : 24;
	o.cols = o.cols ? o.cols : 80;
	return vt_start(&o);
}

struct vt *begin(void)
{
	struct vt *vt = begin_with(&(struct vt_options){ 0 });

	assert_true(vt_wait_text(vt, "key: -", SOON_MS));
	return vt;
}

size_t cost_of(struct vt *vt, const char *keys, const char *until)
{
	size_t before = vt_output(vt)->len;

	vt_send(vt, keys);
	assert_true(vt_wait_text(vt, until, SOON_MS));
	return vt_output(vt)->len - before;
}

void assert_shell_has_its_terminal(struct vt *vt)
{
	static const int off[] = { 1049, 1000, 1002, 1003, 1006, 1004, 2004, 2026 };

	for (size_t i = 0; i < G_N_ELEMENTS(off); i++)
		if (vt_mode(vt, off[i]))
			fail_msg("mode %d is still on", off[i]);
	assert_true(vt_mode(vt, 25));
	assert_true(vt_cooked(vt));
}

void assert_screen_is_ours(struct vt *vt)
{
	static const int on[] = { 1049, 1000, 1006, 1004, 2004 };

	for (size_t i = 0; i < G_N_ELEMENTS(on); i++)
		assert_true(vt_wait_mode(vt, on[i], true, SOON_MS));
	assert_false(vt_cooked(vt));
}
