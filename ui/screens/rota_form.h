/* rota_form - who works on which days of the week, from when until when, behind which doors. */
#ifndef KEYRACK_UI_ROTA_FORM_H
#define KEYRACK_UI_ROTA_FORM_H

#include "cache/rotas.h"
#include "ui/screens/screen.h"

/* rota_no 0: a new one. Without hours it leads on to a code without an end. */
struct screen *rota_form_new(struct app *app, struct world *w, int64_t rota_no);
/* What the rota says is put into the outbox, sync told, screens drawn again; what was done is noted. */
bool rota_changed(struct app *app, struct world *w, int64_t rota_no, const char *act, const char *name);

#endif
