/* fuzz-input: any bytes from a terminal become keys: each look takes something or says that it waits,
 * nothing grows without end, and no key or paste is a control character in disguise. */
#include <glib.h>

#include "tests/fuzz/fuzz.h"
#include "ui/term/input.h"

static void check_key(const struct key *k)
{
	if (k->code == KEYCODE_CHAR && (k->ch < ' ' || k->ch == 0x7f || (k->ch > 0x7f && k->ch < 0xa0)) && !k->ctrl)
		g_error("a control character U+%04X is typed", (unsigned)k->ch);
	if (k->code == KEYCODE_CHAR && !g_unichar_validate(k->ch))
		g_error("U+%X is no character", (unsigned)k->ch);
}

/* What is in the buffer, to its end. */
static void take_all(struct input *in, bool final)
{
	for (;;) {
		guint before = in->bytes->len;
		struct key k = { 0 };
		enum input_result r = input_next(in, final, &k);

		if (r == INPUT_EMPTY || r == INPUT_PART || (r == INPUT_ESC && !final))
			return;
		if (r == INPUT_KEY)
			check_key(&k);
		g_free(k.text);
		if (in->bytes->len >= before && r != INPUT_KEY)
			g_error("nothing was taken of %u bytes", before);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input whole, bytewise;

	input_init(&whole);
	input_add(&whole, data, size);
	take_all(&whole, false);
	input_break(&whole);
	take_all(&whole, true);
	input_done(&whole);

	input_init(&bytewise);
	for (size_t i = 0; i < size; i++) {
		input_add(&bytewise, data + i, 1);
		take_all(&bytewise, false);
	}
	take_all(&bytewise, true);
	input_done(&bytewise);
	return 0;
}
