/* server_words - keyrackd's reasons in the operator's language: it speaks English, and has a fixed set of them. */
#ifndef KEYRACK_UI_SERVER_WORDS_H
#define KEYRACK_UI_SERVER_WORDS_H

/* Borrowed: the translation, or the words themselves where they are no reason that is known. */
const char *server_words(const char *words);

#endif
