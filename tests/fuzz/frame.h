/* frame - a desk of Harbour House for the fuzz targets, and what must hold of each of its frames. */
#ifndef KEYRACK_TESTS_FUZZ_FRAME_H
#define KEYRACK_TESTS_FUZZ_FRAME_H

#include "ui/app_core.h"

/* The house's cache, opened as said; made at the first call, and gone at the program's end. */
struct cache *frame_cache(int mode);
/* A kiosk, so that nothing is written or run outside of its cache; the rack is open. */
struct app *frame_desk(struct cache *cache);
/* Draws and aborts unless no cell holds a control or direction character, wide glyphs have their two cells,
 * and the cursor is inside. */
void frame_draw(struct app *app, struct grid *g);

#endif
