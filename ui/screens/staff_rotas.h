/* staff_rotas - those who work by the week, on the screen of the staff. */
#ifndef KEYRACK_UI_STAFF_ROTAS_H
#define KEYRACK_UI_STAFF_ROTAS_H

#include "ui/screens/page.h"

struct staff_rotas;
struct staff_rotas *staff_rotas_new(struct app *app, struct world *w);
void staff_rotas_free(struct staff_rotas *s);
/* Reads them, and adds their lines; the ref of one is below 0. How many rotas there are. */
guint staff_rotas_fill(struct staff_rotas *s, struct page *page);
/* Of a line with that ref. False: not one of these. */
bool staff_rotas_command(struct staff_rotas *s, int64_t ref, enum command c);
const char *staff_rotas_hint(struct staff_rotas *s, int64_t ref, enum command c);

#endif
