/* locale - the operator's, taken once at the start; and what to say where it is not installed. */
#ifndef KEYRACK_CORE_LOCALE_H
#define KEYRACK_CORE_LOCALE_H

/* Takes the environment's. Where that is not installed but names UTF-8, C.UTF-8 stands in, so that names and bars are
 * still to be read; else it stays ASCII. */
void locale_take(void);
/* What is missing and what to set, one sentence in English; NULL: nothing is. Newly allocated. */
char *locale_complaint(void);

#endif
