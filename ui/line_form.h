/* line_form - the form of a code asked for field by field, with the form's own checks. */
#ifndef KEYRACK_UI_LINE_FORM_H
#define KEYRACK_UI_LINE_FORM_H

#include "ui/line_read.h"
#include "ui/screens/code_form.h"

struct line_form {
	int field; /* the one asked for; FORM_TEXTS: whether to do it */
};

bool line_form_is(const struct screen *s);
void line_form_begin(struct line_form *l, struct reader *r, struct screen *s);
void line_form_prompt(struct line_form *l, struct reader *r, struct screen *s);
/* A line typed for the field: nothing keeps what is there, "-" empties it, "." leaves the form. */
void line_form_take(struct line_form *l, struct reader *r, struct screen *s, const char *line);

#endif
