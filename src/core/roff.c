/* roff - see the header. */
#include "core/roff.h"

void roff_text(FILE *out, const char *text)
{
	for (; *text; text += g_utf8_skip[(unsigned char)*text]) {
		gunichar ch = g_utf8_get_char(text);
		switch (ch) {
		case '\\':
			fputs("\\e", out);
			break;
		case '-':
			fputs("\\-", out);
			break;
		case '\'':
			fputs("\\(aq", out);
			break;
		case '"':
			fputs("\\(dq", out);
			break;
		default:
			if (ch < 0x80)
				fputc((int)ch, out);
			else
				fprintf(out, "\\[u%04X]", ch);
		}
	}
}

void roff_line(FILE *out, const char *before, const char *text, const char *after)
{
	fputs(before, out);
	roff_text(out, text);
	fputs(after, out);
}

void roff_options(FILE *out, const struct option_row *row)
{
	for (; row->name; row++) {
		if (row->kind == OPTION_REFUSED || row->kind == OPTION_HIDDEN)
			continue;
		fputs(".TP\n", out);
		if (row->letter)
			fprintf(out, "\\fB\\-%c\\fR, ", row->letter);
		roff_line(out, "\\fB\\-\\-", row->name, "\\fR");
		if (row->value)
			roff_line(out, " \\fI", row->value, "\\fR");
		roff_line(out, "\n", row->help, ".\n");
	}
}
