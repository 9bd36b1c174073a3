/* curl_loop - libcurl's transfers driven by a GLib main context. Knows nothing of the API. */
#ifndef KEYRACK_WIRE_CURL_LOOP_H
#define KEYRACK_WIRE_CURL_LOOP_H

#include <curl/curl.h>
#include <glib.h>
#include <stdbool.h>

struct curl_loop;

/* Called from the main loop when a transfer has ended by itself; it has left the loop already. May
 * do anything, curl_loop_free included. */
typedef void curl_loop_ended(CURL *easy, CURLcode result, void *ctx);

struct curl_loop *curl_loop_new(GMainContext *context, curl_loop_ended *ended, void *ctx);
/* Every transfer must have been removed. Closes the connections that were kept. */
void curl_loop_free(struct curl_loop *loop);

bool curl_loop_add(struct curl_loop *loop, CURL *easy);
/* Ends a transfer without a call of ended. Not from within a callback of libcurl. */
void curl_loop_remove(struct curl_loop *loop, CURL *easy);

#endif
