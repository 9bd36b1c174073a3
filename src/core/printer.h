/* printer - text to this computer's printer, by lp, with a deadline.
 *
 * Nothing here waits: a printer that hangs costs its user a sentence, not the desk. lp gets the text as a
 * file that has no name, since a PIN may be in it; what lp says is told in words that help. */
#ifndef KEYRACK_CORE_PRINTER_H
#define KEYRACK_CORE_PRINTER_H

#include <gio/gio.h>
#include <stdbool.h>

#define PRINTER_WAIT_MS 20000 /* CUPS answers within a second; a queue over the network takes longer */

/* err NULL: lp has taken it. Called from the main loop, once. */
typedef void printer_done(const GError *err, void *ctx);

/* Copies text. False with err, and done is not called: there is no lp, or nothing could be started.
 * KEYRACK_ERROR_NOT_FOUND: no lp; KEYRACK_ERROR_FAILED: no answer in time, and whether it will be printed is
 * not known; KEYRACK_ERROR_REFUSED: lp's reason. */
bool printer_send(const char *text, int wait_ms, printer_done *done, void *ctx, GError **err);

/* What to do about what lp wrote (in English), a sentence: newly allocated. Pure. */
char *printer_words(const char *said);

#endif
