/* quiet - see quiet.h. */
#include "config.h"

#include "tests/simulation/quiet.h"

struct announce {
	struct announce_callbacks cb;
	void *ctx;
};

static struct announce *newest;

struct announce *announce_new(const char *folder, bool group, const struct announce_callbacks *cb,
			      void *ctx, GError **err)
{
	struct announce *a = g_new(struct announce, 1);

	(void)folder;
	(void)group;
	(void)err;
	*a = (struct announce){ *cb, ctx };
	return newest = a;
}

struct announce *announce_newest(void)
{
	return newest;
}

void announce_say_outbox(struct announce *a)
{
	a->cb.outbox(a->ctx);
}

void announce_free(struct announce *a)
{
	g_free(a);
}

void announce_changed(struct announce *a, unsigned mask)
{
	(void)a;
	(void)mask;
}

void announce_status(struct announce *a, const struct poke_status *status)
{
	(void)a;
	(void)status;
}

int announce_consoles(const struct announce *a)
{
	(void)a;
	return 1;
}

void announce_flush(struct announce *a)
{
	(void)a;
}
