/* fuzz-driver - runs a fuzz target over its corpus, and over inputs made from it by chance.
 *
 * The targets are plain LLVMFuzzerTestOneInput, so that libFuzzer can drive them as well:
 *   clang -fsanitize=fuzzer,address tests/fuzz/fuzz-text.c libkr-core.a ...
 * Here `make check` does, with the same inputs each time: the generator is seeded by a constant.
 * KEYRACK_FUZZ_ROUNDS and KEYRACK_FUZZ_SEED make it longer and another, KEYRACK_FUZZ_CORPUS is another folder. An
 * input that ends the program is left in the folder it ran in, as 'crash'. Each input is a block of exactly its size,
 * so the address sanitizer sees one byte too many. */
#include "config.h"

#include <fcntl.h>
#include <glib.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/fuzz/fuzz.h"

#ifndef ROUNDS /* fewer where one costs more than a parser */
#define ROUNDS 5000
#endif
#define SIZE_MAX_ 256

/* Whatever ends the program: what it was given is kept. */
static struct {
	const void *data;
	size_t size;
} under_way;

static void keep_crash(int signal)
{
	int fd = open("crash", O_WRONLY | O_CREAT | O_TRUNC, 0600);

	if (fd < 0 || write(fd, under_way.data, under_way.size) < 0)
		_exit(99);
	raise(signal); /* now with its usual end */
}

static void run(const void *data, size_t size)
{
	uint8_t *exact = malloc(size ? size : 1);

	under_way.data = data;
	under_way.size = size;

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

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* In the order of their names: a folder's own order is another on each machine. */
static GPtrArray *read_seeds(const char *folder)
{
	g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
	g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
	GPtrArray *seeds = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
	const char *name;

	while (dir && (name = g_dir_read_name(dir)))
		g_ptr_array_add(names, g_build_filename(folder, name, NULL));
	g_ptr_array_sort(names, by_name);
	for (guint i = 0; i < names->len; i++) {
		char *text;
		gsize size;

		if (g_file_get_contents(names->pdata[i], &text, &size, NULL))
			g_ptr_array_add(seeds, g_bytes_new_take(text, size));
	}
	return seeds;
}

static guint64 number(const char *name, guint64 otherwise)
{
	const char *text = g_getenv(name);

	return text ? g_ascii_strtoull(text, NULL, 10) : otherwise;
}

/* Those that sanitizers take themselves are left to them. */
static void keep_crashes(void)
{
	static const int signals[] = { SIGABRT, SIGTRAP, SIGSEGV };
	const struct sigaction keep = { .sa_handler = keep_crash, .sa_flags = (int)SA_RESETHAND | SA_NODEFER };

	for (size_t i = 0; i < G_N_ELEMENTS(signals); i++)
		sigaction(signals[i], &keep, NULL);
}

int main(void)
{
	guint64 rounds = number("KEYRACK_FUZZ_ROUNDS", ROUNDS);
	const char *folder = g_getenv("KEYRACK_FUZZ_CORPUS") ? g_getenv("KEYRACK_FUZZ_CORPUS") : CORPUS;
	g_autoptr(GPtrArray) seeds = read_seeds(folder);
	GRand *rand = g_rand_new_with_seed((guint32)number("KEYRACK_FUZZ_SEED", 20261122));

	keep_crashes();
	if (seeds->len == 0) {
		fprintf(stderr, "no corpus in %s\n", folder);
		return 1;
	}
	for (guint i = 0; i < seeds->len; i++) {
		gsize size;
		const void *data = g_bytes_get_data(seeds->pdata[i], &size);

		run(data, size);
	}
	for (guint64 round = 0; round < rounds; round++) {
		g_autoptr(GByteArray) bytes = g_byte_array_new();
		GBytes *seed = seeds->pdata[g_rand_int_range(rand, 0, (gint32)seeds->len)];
		gsize size;
		const guint8 *data = g_bytes_get_data(seed, &size);

		g_byte_array_append(bytes, data, (guint)MIN(size, SIZE_MAX_));
		mutate(rand, bytes);
		run(bytes->data, bytes->len);
	}
	g_rand_free(rand);
	printf("%u from the corpus, %" G_GUINT64_FORMAT " by chance\n", seeds->len, rounds);
	return 0;
}
