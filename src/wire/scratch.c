/* scratch - where the texts live that decoding makes: a stack of blocks, given back all at once.
 *
 * A first pull decodes hundreds of thousands of objects; a malloc for each of their texts, and a
 * free, would cost more than the decoding. */
#include "wire/scratch.h"

#include <string.h>

#define BLOCK_BYTES ((size_t)256 * 1024)

struct block {
	struct block *below;
	size_t size, used;
	char bytes[];
};

struct wire_scratch {
	struct block *top;
	GString *text; /* of the dump being made */
};

static struct block *block_new(size_t size, struct block *below)
{
	struct block *b = g_malloc(sizeof *b + size);

	b->below = below;
	b->size = size;
	b->used = 0;
	return b;
}

struct wire_scratch *wire_scratch_new(void)
{
	struct wire_scratch *s = g_new0(struct wire_scratch, 1);

	s->top = block_new(BLOCK_BYTES, NULL);
	s->text = g_string_sized_new(1024);
	return s;
}

void wire_scratch_reset(struct wire_scratch *s)
{
	while (s->top->below) {
		struct block *b = s->top;

		s->top = b->below;
		g_free(b);
	}
	s->top->used = 0;
}

void wire_scratch_free(struct wire_scratch *s)
{
	if (!s)
		return;
	wire_scratch_reset(s);
	g_free(s->top);
	g_string_free(s->text, TRUE);
	g_free(s);
}

const char *scratch_keep(struct wire_scratch *s, const char *text, size_t len)
{
	if (s->top->size - s->top->used <= len)
		s->top = block_new(MAX(BLOCK_BYTES, len + 1), s->top);

	char *kept = s->top->bytes + s->top->used;

	memcpy(kept, text, len);
	kept[len] = '\0';
	s->top->used += len + 1;
	return kept;
}

GString *scratch_text(struct wire_scratch *s)
{
	return g_string_truncate(s->text, 0);
}
