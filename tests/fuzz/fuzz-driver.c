/* fuzz-driver - runs a fuzz target over its corpus, and over inputs made from it by chance.
 *
 * The targets are plain LLVMFuzzerTestOneInput, so that libFuzzer can drive them as well:
 *   clang -fsanitize=fuzzer,address tests/fuzz/fuzz-text.c libkr-core.a ...
 * Here `make check` does, with the same inputs each time: the generator is seeded by a constant.
 * Each input is a block of exactly its size, so the address sanitizer sees one byte too many. */
#include <glib.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/fuzz/fuzz.h"

#define ROUNDS	  5000
#define SIZE_MAX_ 256

static void run(const void *data, size_t size)
{
	uint8_t *exact = malloc(size ? size : 1);

	if (!exact)
		abort();
	memcpy(exact, data, size);
	LLVMFuzzerTestOneInput(exact, size);
	free(exact);
}

/* Bytes that open doors in parsers. */
static const char tempting[] = "0123456789 .:,-+/TZ\"\\[]{}\n\x1b\x7f\x80\xbf\xc2\xe2\xed\xf0\xff";

static void mutate(GRand *rand, GByteArray *bytes)
{
	for (int n = g_rand_int_range(rand, 1, 6); n > 0; n--) {
		guint at = (guint)g_rand_int_range(rand, 0, (gint32)bytes->len + 1);
		guint8 byte =
			g_rand_boolean(rand)
				? (guint8)g_rand_int(rand)
				: (guint8)tempting[g_rand_int_range(rand, 0, sizeof tempting - 1)];

		switch (g_rand_int_range(rand, 0, 3)) {
		case 0:
			if (at < bytes->len)
				bytes->data[at] = byte;
			break;
		case 1:
			g_byte_array_append(bytes, &byte, 1);
			if (at + 1 < bytes->len) {
				memmove(bytes->data + at + 1, bytes->data + at,
					bytes->len - at - 1);
				bytes->data[at] = byte;
			}
			break;
		default:
			if (at < bytes->len)
				g_byte_array_remove_index(bytes, at);
		}
	}
}

static void add_file(GPtrArray *seeds, const char *folder, const char *name)
{
	g_autofree char *path = g_build_filename(folder, name, NULL);
	g_autofree char *text = NULL;
	gsize size;

	if (g_file_get_contents(path, &text, &size, NULL))
		g_ptr_array_add(seeds, g_bytes_new(text, size));
}

int main(void)
{
	g_autoptr(GPtrArray) seeds = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
	g_autoptr(GDir) dir = g_dir_open(CORPUS, 0, NULL);
	GRand *rand = g_rand_new_with_seed(20261122);
	const char *name;

	while (dir && (name = g_dir_read_name(dir)))
		add_file(seeds, CORPUS, name);
	if (seeds->len == 0) {
		fprintf(stderr, "no corpus in %s\n", CORPUS);
		return 1;
	}
	for (guint i = 0; i < seeds->len; i++) {
		gsize size;
		const void *data = g_bytes_get_data(seeds->pdata[i], &size);

		run(data, size);
	}
	for (int round = 0; round < ROUNDS; round++) {
		g_autoptr(GByteArray) bytes = g_byte_array_new();
		GBytes *seed = seeds->pdata[g_rand_int_range(rand, 0, (gint32)seeds->len)];
		gsize size;
		const guint8 *data = g_bytes_get_data(seed, &size);

		g_byte_array_append(bytes, data, (guint)MIN(size, SIZE_MAX_));
		mutate(rand, bytes);
		run(bytes->data, bytes->len);
	}
	g_rand_free(rand);
	printf("%u from the corpus, %d by chance\n", seeds->len, ROUNDS);
	return 0;
}
